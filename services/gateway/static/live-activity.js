// What everybody is given to do together: a card above the box, or beside the log where there is room.
import { picture } from "./live-picture.js";

const byId = (id) => document.getElementById(id);
const IN = 4000; // milliseconds of breathing in; out is longer
const OUT = 6000;

export class Together {
  now = null;
  mine = null;

  /** `send(frame)` is the socket's; `own` takes what somebody writes for themselves. */
  constructor(send, own) {
    Object.assign(this, { send, own });
    byId("activity-fold").addEventListener("click", () => this.fold(!byId("activity-body").hidden));
    byId("activity-choices").addEventListener("change", (event) => this.choose(Number(event.target.value)));
    byId("activity-choices").addEventListener("submit", (event) => event.preventDefault());
  }

  hear({ activity, mine }) {
    const same = this.now?.activity_id === activity.activity_id;
    if (this.now && !same && activity.opened_at < this.now.opened_at) return;
    if (same && activity.revision < this.now.revision) return;
    const fresh = !same;
    this.now = activity;
    this.mine = mine ?? (same ? this.mine : null);
    if (fresh) this.begin();
    this.show();
  }

  move(state) {
    this.live = ["live", "closing"].includes(state);
    if (this.now) this.show();
  }

  begin() {
    const { kind, title, text, options, low, high, tallies } = this.now;
    byId("activity-title").textContent = title;
    byId("activity-text").textContent = text;
    const names = kind === "scale" ? tallies.map((_, n) => String(n + 1)) : options;
    const list = byId("activity-options");
    list.replaceChildren(...(tallies.length ? names.map((name, n) => this.option(name, n)) : []));
    list.classList.toggle("is-scale", kind === "scale");
    byId("activity-legend").textContent = kind === "scale" ? `${title}: 1 is ${low || "low"}, 5 is ${high || "high"}` : title;
    byId("activity-low").textContent = kind === "scale" ? low : "";
    byId("activity-high").textContent = kind === "scale" ? high : "";
    this.fold(false);
    byId("activity-body").scrollTop = 0;
  }

  option(name, n) {
    const line = byId("activity-option").content.firstElementChild.cloneNode(true);
    line.querySelector("input").value = String(n);
    line.querySelector("span").textContent = name;
    return line;
  }

  choose(choice) {
    clearTimeout(this.timer); // arrow keys run through the choices; the one they stay on counts
    this.timer = setTimeout(() => this.send({ type: "choose", activity_id: this.now.activity_id, choice }), 350);
    this.mine = choice;
    this.show();
  }

  show() {
    const { kind, title, closed_at, tallies } = this.now;
    const over = Boolean(closed_at);
    const nothingLeft = over && !tallies.some((count) => count > 0);
    const was = byId("activity").hidden;
    byId("activity").hidden = !this.live || nothingLeft;
    byId("activity-choices").hidden = !tallies.length || over;
    for (const input of byId("activity-options").querySelectorAll("input")) input.checked = Number(input.value) === this.mine;
    this.own.hear(this.now, this.live && !over);
    byId("activity-over").hidden = !over;
    const shown = over || this.mine !== null ? picture(this.now, this.mine) : null;
    byId("activity-picture").replaceChildren(...(shown ? [shown] : []));
    byId("activity-picture").hidden = !shown;
    this.breathe(kind === "breathing" && !over && !byId("activity").hidden);
    if (was && !byId("activity").hidden && !over) byId("activity-said").textContent = `Together: ${title}`;
  }

  fold(away) {
    byId("activity-body").hidden = away;
    byId("activity-fold").textContent = away ? "Show" : "Hide";
    byId("activity-fold").setAttribute("aria-expanded", String(!away));
  }

  /** In for four, out for six; the words go along where nothing may move. */
  breathe(on) {
    byId("breath").hidden = !on;
    clearTimeout(this.breath);
    if (!on) return;
    const words = byId("breath-words");
    const turn = (going) => {
      words.textContent = going ? "Breathe in …" : "… and out";
      byId("breath").dataset.going = going ? "in" : "out";
      this.breath = setTimeout(() => turn(!going), going ? IN : OUT);
    };
    turn(true);
  }
}
