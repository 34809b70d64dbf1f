// The run-sheet: what is planned and when, what happened, what is open now; and prepared wording for the box.
import { picture } from "./live-picture.js";
import { timeOf } from "./live-log.js";

const byId = (id) => document.getElementById(id);
const KINDS = {
  words: "to say", prompt: "question", poll: "poll", scale: "scale", reflection: "private, for their book",
  breathing: "breathing", reading: "reading", challenge: "private, for the week",
};

export class RunSheet {
  sheet = null;

  /** `send(frame)` asks; `put(words)` puts words into the box and never sends them. */
  constructor(send, put) {
    Object.assign(this, { send, put });
    byId("wording-search").addEventListener("input", () => this.showWordings());
  }

  ask() {
    this.send({ type: "sheet" });
  }

  move(state) {
    this.live = ["live", "closing"].includes(state);
    if (this.sheet) this.show();
  }

  hear(frame) {
    this.sheet = frame;
    this.show();
    this.showWordings();
  }

  /** Something was pushed, answered or closed. */
  note({ activity }) {
    if (!this.sheet) return;
    const { happened } = this.sheet;
    const at = happened.findIndex((one) => one.activity_id === activity.activity_id);
    if (at >= 0 && happened[at].revision > activity.revision) return;
    if (at < 0) {
      for (const one of happened) one.closed_at ??= activity.opened_at;
      happened.push(activity);
    } else {
      happened[at] = activity;
    }
    this.show();
  }

  show() {
    const { steps, starts_at, aim } = this.sheet;
    const open = this.openNow()?.step_id;
    const focused = document.activeElement?.closest?.("#steps") ? document.activeElement.dataset.does : "";
    const unfolded = new Set([...byId("steps").querySelectorAll("details[open]")].map((one) => one.dataset.step));
    byId("sheet-aim").textContent = aim;
    byId("sheet-empty").hidden = steps.some((step) => !step.step_id.startsWith("always-"));
    let due = new Date(starts_at).getTime();
    const lines = steps.map((step) => {
      const planned = step.step_id.startsWith("always-") ? "" : timeOf(due);
      due += step.minutes * 60000;
      return this.line(step, planned, step.step_id === open, unfolded.has(step.step_id));
    });
    byId("steps").replaceChildren(...lines);
    if (focused) byId("steps").querySelector(`[data-does="${CSS.escape(focused)}"]`)?.focus();
  }

  openNow() {
    return this.sheet.happened.find((one) => !one.closed_at);
  }

  line(step, planned, isOpen, unfolded) {
    const line = byId("step").content.firstElementChild.cloneNode(true);
    line.classList.toggle("step-open", isOpen);
    line.querySelector(".step-time").textContent = planned || "any time";
    line.querySelector(".step-title").textContent = step.title;
    line.querySelector(".step-kind").textContent = `${KINDS[step.kind] ?? step.kind}, ${step.minutes} min`;
    const times = this.sheet.happened.filter((one) => one.step_id === step.step_id);
    line.querySelector(".step-happened").textContent = times.map(told).join("; ");
    this.fill(line.querySelector("details"), step, unfolded);
    const last = times.at(-1);
    const shown = last ? picture(last) : null;
    if (shown) line.querySelector(".step-picture").append(shown);
    else if (last?.answered) line.querySelector(".step-picture").append(written(last.answered));
    this.buttons(line.querySelector(".step-deeds"), step, isOpen ? last : null);
    return line;
  }

  fill(details, step, unfolded) {
    details.dataset.step = step.step_id;
    details.open = unfolded;
    details.querySelector(".step-text").textContent = step.text;
    details.querySelector(".step-notes").textContent = step.notes;
    details.querySelector(".step-options").replaceChildren(...step.options.map((one) => item(one)));
    details.hidden = !(step.text || step.notes || step.options.length);
  }

  buttons(row, step, open) {
    if (step.kind !== "words" && !open) {
      row.append(this.button("Push to everybody", `push:${step.step_id}`, step, !this.live, () => this.send({ type: "push", step_id: step.step_id })));
    }
    if (open) {
      row.append(this.button("Close it", `shut:${step.step_id}`, step, false, () => this.send({ type: "shut", activity_id: open.activity_id })));
    }
    step.say.forEach((words, n) => {
      const label = step.say.length > 1 ? `Words ${n + 1} into the box` : "Words into the box";
      row.append(this.button(label, `say:${step.step_id}:${n}`, step, false, () => this.put(words)));
    });
  }

  button(label, does, step, off, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = does.startsWith("shut") ? "button-small" : "button-quiet button-small";
    button.textContent = label;
    button.dataset.does = does;
    button.disabled = off;
    button.setAttribute("aria-label", `${label}: ${step.title}`);
    button.addEventListener("click", act);
    return button;
  }

  showWordings() {
    const sought = byId("wording-search").value.trim().toLowerCase();
    const every = [...this.sheet.wordings, ...this.sheet.steps.flatMap((step) => step.say.map((text) => ({ topic: step.title, text })))];
    const found = every.filter(({ topic, text }) => `${topic} ${text}`.toLowerCase().includes(sought));
    byId("wordings").replaceChildren(...found.map((one) => this.wording(one)));
    byId("wordings-none").hidden = found.length > 0;
  }

  wording({ topic, text }) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "wording";
    const name = Object.assign(document.createElement("strong"), { textContent: topic });
    const words = Object.assign(document.createElement("span"), { textContent: text });
    button.append(name, words);
    button.addEventListener("click", () => this.put(text));
    const line = document.createElement("li");
    line.append(button);
    return line;
  }
}

function item(words) {
  return Object.assign(document.createElement("li"), { textContent: words });
}

/** What they wrote is in their books, where nobody here reads it. */
function written(count) {
  const words = count === 1 ? "1 has written in their book" : `${count} have written in their books`;
  return Object.assign(document.createElement("p"), { className: "soft", textContent: words });
}

function told({ opened_at, closed_at }) {
  if (!closed_at) return `open since ${timeOf(opened_at)}`;
  const minutes = Math.max(1, Math.round((new Date(closed_at) - new Date(opened_at)) / 60000));
  return `${timeOf(opened_at)}, ${minutes} min`;
}
