// Who needs help now, and what was quietly reported: above everything else that waits.
import { badgeFor, timeOf } from "./live-log.js";
import { lasting } from "./live-clock.js";

const byId = (id) => document.getElementById(id);
const ABOUT = {
  unkind: "finds it unkind",
  worried: "is worried about who wrote it",
  unsafe: "says it could hurt somebody",
  other: "says something isn’t right",
};

export class Calls {
  /** `answer(help_id)` says that you are with them; `show(number)` finds the message; `changed()` counts anew. */
  constructor({ answer, show, changed }) {
    Object.assign(this, { answer, show, changed, calls: new Map(), lines: new Map() });
    setInterval(() => this.tellTime(), 1000);
  }

  get waiting() {
    return [...this.calls.values()].filter((one) => !one.answered_by);
  }

  hear(frame) {
    const known = this.calls.get(frame.help_id) ?? {};
    const one = { ...known, ...frame, nickname: frame.nickname || known.nickname, at: known.at ?? frame.at };
    if (!one.nickname) return;
    this.calls.set(frame.help_id, one);
    if (one.answered_by) this.settle(one);
    else if (!this.lines.has(frame.help_id)) this.add(one);
    byId("calls-part").hidden = this.lines.size === 0;
    this.changed();
  }

  add(one) {
    const line = byId("call-line").content.firstElementChild.cloneNode(true);
    line.querySelector(".message-badge").append(badgeFor(one));
    line.querySelector(".message-name").textContent = one.nickname;
    const button = line.querySelector("button");
    button.setAttribute("aria-label", `I’m with them: ${one.nickname}`);
    button.addEventListener("click", () => this.answer(one.help_id));
    this.lines.set(one.help_id, line);
    byId("calls").append(line);
    byId("calls-said").textContent = `${one.nickname} needs help now`;
    this.tellTime();
  }

  settle(one) {
    const line = this.lines.get(one.help_id);
    if (!line) return;
    const focused = line.contains(document.activeElement);
    line.remove();
    this.lines.delete(one.help_id);
    byId("calls-said").textContent = `${one.answered_by} is with ${one.nickname}`;
    if (focused) byId("words").focus();
  }

  tellTime() {
    for (const one of this.waiting) {
      const seconds = Math.max(0, (Date.now() - new Date(one.at)) / 1000);
      const line = this.lines.get(one.help_id);
      if (line) line.querySelector(".wait-time").textContent = `waits ${lasting(seconds)}`;
    }
  }

  report(frame) {
    byId("reports-part").hidden = false;
    const line = byId("report-line").content.firstElementChild.cloneNode(true);
    line.querySelector(".report-what").textContent =
      `${frame.nickname} ${ABOUT[frame.about]}: ${frame.author}’s message, told at ${timeOf(frame.at)}`;
    const button = line.querySelector("button");
    button.setAttribute("aria-label", `Show it: ${frame.author}’s message`);
    button.addEventListener("click", () => this.show(frame.number));
    byId("reports").prepend(line);
    byId("calls-said").textContent = `${frame.nickname} quietly told you about a message of ${frame.author}`;
  }
}
