// Private words beside the group: one thread for each young person, in a sheet of its own; what is not stored yet is
// kept in this tab and sent again until it is.
import { timeOf } from "./live-log.js";

const byId = (id) => document.getElementById(id);
const AGAIN = 6000; // milliseconds; under the same name, which says it once

export class PrivateWords {
  /** `changed()` hears that there is something new; `member` is the own id of a young person, else empty. */
  constructor(room, member, changed) {
    Object.assign(this, { room, member, changed, threads: new Map(), unread: new Map() });
    Object.assign(this, { sheet: byId("private-sheet"), list: byId("private-list"), words: byId("private-words") });
    this.key = `private:${room.you.person_id}:${room.session}`;
    this.waiting = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    this.drafts = JSON.parse(sessionStorage.getItem(`${this.key}:drafts`) ?? "{}");
    this.words.addEventListener("input", () => this.draft(this.member, this.words.value));
    byId("private-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    setInterval(() => this.sendAll(), AGAIN);
  }

  open(member, title) {
    this.member = member;
    byId("private-title").textContent = title;
    this.words.value = this.drafts[member] ?? "";
    this.unread.delete(member);
    this.show();
    this.sheet.showModal();
    this.words.focus();
    this.changed();
  }

  say() {
    const text = this.words.value.trim();
    if (!text) return;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const client_id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.waiting.push({ client_id, member_id: this.member, text });
    this.draft(this.member, "");
    this.keep();
    this.sendAll();
  }

  sendAll() {
    if (!this.room.socket?.ready) return;
    for (const one of this.waiting) if (!one.failed) this.room.socket.send({ type: "whisper", ...one });
  }

  hear(frame) {
    this.waiting = this.waiting.filter((one) => one.client_id !== frame.client_id);
    const thread = this.threads.get(frame.member_id) ?? new Map();
    const fresh = !thread.has(frame.number);
    thread.set(frame.number, frame);
    this.threads.set(frame.member_id, thread);
    const looking = this.sheet.open && this.member === frame.member_id;
    if (fresh && !looking && frame.author_id !== this.room.you.person_id) {
      this.unread.set(frame.member_id, (this.unread.get(frame.member_id) ?? 0) + 1);
    }
    this.keep();
    this.changed(fresh ? frame : undefined);
  }

  /** What stands in the box of a thread is kept in this tab, also over a reload. */
  draft(member, text) {
    if (text) this.drafts[member] = text;
    else delete this.drafts[member];
    if (member === this.member && this.words.value !== text) this.words.value = text;
    sessionStorage.setItem(`${this.key}:drafts`, JSON.stringify(this.drafts));
  }

  /** Words that cannot be taken as they are come back to the box of their thread. */
  refused(frame) {
    const one = this.waiting.find((each) => each.client_id === frame.client_id);
    if (!one || ["unavailable", "too-fast"].includes(frame.reason)) return;
    this.waiting = this.waiting.filter((each) => each !== one);
    this.draft(one.member_id, [one.text, this.drafts[one.member_id]].filter(Boolean).join("\n"));
    byId("private-said").textContent = "That didn’t go. Your words are back in the box; they may be too long for one go.";
    this.keep();
  }

  keep() {
    sessionStorage.setItem(this.key, JSON.stringify(this.waiting));
    this.show();
  }

  show() {
    const said = [...(this.threads.get(this.member) ?? new Map()).values()].sort((a, b) => a.number - b.number);
    const mine = this.waiting.filter((one) => one.member_id === this.member);
    for (const line of [...this.list.children]) if (line.dataset.member !== this.member || line.dataset.waits) line.remove();
    const there = new Set([...this.list.children].map((line) => line.dataset.number));
    for (const one of said) if (!there.has(String(one.number))) this.list.append(this.line(one));
    for (const one of mine) this.list.append(this.line({ ...one, nickname: this.room.you.nickname, waits: true }));
    byId("private-empty").hidden = said.length + mine.length > 0;
    this.list.parentNode.scrollTop = this.list.parentNode.scrollHeight;
  }

  line(one) {
    const line = document.createElement("li");
    const mine = one.waits || one.author_id === this.room.you.person_id;
    line.className = mine ? "whisper whisper-own" : "whisper";
    Object.assign(line.dataset, { member: this.member, number: one.number ?? "" });
    if (one.waits) line.dataset.waits = "yes";
    const head = Object.assign(document.createElement("p"), { className: "whisper-head" });
    head.textContent = `${one.nickname}${mine ? " (you)" : ""} · ${one.waits ? "Sending …" : timeOf(one.at)}`;
    const text = Object.assign(document.createElement("p"), { className: "message-text", textContent: one.text });
    text.dir = "auto";
    line.append(head, text);
    return line;
  }
}
