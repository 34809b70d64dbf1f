// Between the adults of the room: notes beside it, and handovers, which stay on top.
import { timeOf } from "./live-log.js";

const byId = (id) => document.getElementById(id);

export class StaffNotes {
  /** `send(frame)` says whether it went out. */
  constructor(send, you) {
    Object.assign(this, { send, you, seen: new Set() });
    byId("note-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.tell(event.submitter?.value === "handover");
    });
  }

  tell(handover) {
    const words = byId("note-words");
    const text = words.value.trim();
    if (!text) return;
    const client_id = crypto.randomUUID?.() ?? String(Date.now());
    if (this.send({ type: handover ? "handover" : "note", client_id, text })) words.value = "";
  }

  hear(frame) {
    if (this.seen.has(frame.note_id)) return;
    this.seen.add(frame.note_id);
    const line = byId("staff-note").content.firstElementChild.cloneNode(true);
    line.classList.toggle("is-handover", frame.handover);
    line.querySelector(".note-name").textContent = frame.handover ? `${frame.name} hands over` : frame.name;
    line.querySelector(".note-time").textContent = timeOf(frame.at);
    line.querySelector(".note-text").textContent = frame.text;
    byId(frame.handover ? "handovers" : "staff-notes").append(line);
    line.scrollIntoView({ block: "nearest" });
  }
}
