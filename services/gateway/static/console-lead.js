// Ways to lead: pace, holding everything, who is seen writing, turns, and who reads along. One control each.

const byId = (id) => document.getElementById(id);

export class Leading {
  now = { slow_seconds: 0, hold_all: false, muted: [], order: [], show_writing: false };
  people = [];

  /** `send(frame)` asks for something; the room tells everybody where it was granted. `present()` is who takes turns. */
  constructor(send, present) {
    Object.assign(this, { send, present });
    byId("slow").addEventListener("change", (event) => send({ type: "slow", seconds: Number(event.target.value) }));
    byId("hold").addEventListener("click", () => send({ type: "hold", on: !this.now.hold_all }));
    byId("show-writing").addEventListener("click", () => send({ type: "show-writing", on: !this.now.show_writing }));
    for (const button of document.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => this.step(button.dataset.step));
    }
  }

  step(step) {
    this.send({ type: "round", step, turn: this.now.order[0] ?? "", order: step === "begin" ? this.present() : [] });
  }

  mute(person_id) {
    this.send({ type: "mute", person_id, muted: !this.now.muted.includes(person_id) });
  }

  hear(frame) {
    this.now = frame;
    this.show();
  }

  show() {
    this.showPace();
    byId("hold").setAttribute("aria-pressed", String(this.now.hold_all));
    byId("show-writing").setAttribute("aria-pressed", String(this.now.show_writing));
    this.showRound();
    for (const button of document.querySelectorAll("[data-mute]")) this.showMute(button);
  }

  showPace() {
    const slow = byId("slow");
    const value = String(this.now.slow_seconds);
    if (![...slow.options].some((one) => one.value === value)) slow.add(new Option(`one in ${value} s`, value));
    slow.value = value;
    slow.classList.toggle("in-force", value !== "0");
  }

  showRound() {
    const [turn, ...after] = this.now.order;
    const focused = document.activeElement?.dataset?.step;
    byId("round-begin").hidden = Boolean(turn);
    byId("round-on").hidden = !turn;
    const rest = after.length ? `, then ${after.map((one) => this.nameOf(one)).join(", ")}` : ", the last one";
    byId("round-line").textContent = turn ? `${this.nameOf(turn)}’s turn${rest}` : "";
    if (focused && !turn) byId("round-begin").focus();
    if (focused === "begin" && turn) byId("round-on").querySelector("button").focus();
  }

  showMute(button) {
    const muted = this.now.muted.includes(button.dataset.mute);
    button.setAttribute("aria-pressed", String(muted));
    button.closest("li").classList.toggle("is-muted", muted);
  }

  nameOf(person_id) {
    return this.people.find((one) => one.person_id === person_id)?.nickname ?? "Somebody";
  }

  /** A button that lets a young person read along for a while, or write again. */
  muteButton(person) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button-quiet button-small mute";
    button.dataset.mute = person.person_id;
    button.textContent = "Mute";
    button.setAttribute("aria-label", `Mute ${person.nickname}`);
    button.addEventListener("click", () => this.mute(person.person_id));
    return button;
  }
}
