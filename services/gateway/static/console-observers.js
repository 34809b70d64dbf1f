// Which supervisors watch: seen by the adults of the room, and by nobody else.
import { timeOf } from "./live-log.js";

const byId = (id) => document.getElementById(id);

export class Observers {
  all = new Map();

  constructor(you) {
    this.you = you;
  }

  hear(frame) {
    const before = this.all.get(frame.person_id);
    this.all.set(frame.person_id, frame);
    this.show();
    if (frame.person_id === this.you || (!before && frame.until)) return;
    byId("observers-said").textContent = frame.until ? `${frame.name} no longer watches` : `${frame.name} is watching`;
  }

  show() {
    const here = [...this.all.values()].filter((one) => !one.until);
    const lines = here.map((one) => {
      const line = document.createElement("li");
      const who = one.person_id === this.you ? "You are watching" : `${one.name} is watching`;
      line.textContent = `${who}, since ${timeOf(one.since)}`;
      return line;
    });
    byId("observers").replaceChildren(...lines);
    byId("observers").hidden = lines.length === 0;
  }
}
