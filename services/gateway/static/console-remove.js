// Asking somebody to step out for tonight, with a reason for the desk, and letting them back in.
import { timeOf } from "./live-log.js";

const byId = (id) => document.getElementById(id);

export class Removals {
  out = new Map(); // the removal that stands, by person
  known = new Map(); // every removal of tonight, by its own id

  /** `send(frame)` says whether it went out; `line(person_id)` finds somebody in the roster. */
  constructor({ send, line }) {
    Object.assign(this, { send, lineOf: line, sheet: byId("remove-sheet"), words: byId("remove-words") });
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    this.words.addEventListener("input", () => (byId("remove-wrong").hidden = true));
    byId("remove-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    for (const button of byId("remove-prepared").querySelectorAll("button")) {
      button.addEventListener("click", () => {
        this.words.value = button.textContent;
        byId("remove-wrong").hidden = true;
        this.words.focus();
      });
    }
  }

  /** What stands on somebody's line of the roster for this. */
  dress(line, person) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button-quiet button-small remove";
    button.dataset.remove = person.person_id;
    button.addEventListener("click", () => this.press(person));
    const words = document.createElement("span");
    words.className = "person-out soft";
    words.dir = "auto";
    line.querySelector(".person-words").append(words);
    line.querySelector(".person-deeds").append(button);
    this.show(line, person.nickname, person.person_id);
  }

  show(line, nickname, person_id) {
    const one = this.out.get(person_id);
    const button = line.querySelector("[data-remove]");
    if (!button) return;
    line.classList.toggle("is-out", Boolean(one));
    button.textContent = one ? "Let back in" : "Step out";
    button.setAttribute("aria-label", one ? `Let ${nickname} back in` : `Ask ${nickname} to step out for tonight`);
    if (one) button.removeAttribute("aria-haspopup");
    else button.setAttribute("aria-haspopup", "dialog");
    const words = one ? `Out since ${timeOf(one.at)}, asked by ${one.name}: “${one.reason}”` : "";
    line.querySelector(".person-out").textContent = words;
  }

  press(person) {
    if (this.out.has(person.person_id)) {
      this.send({ type: "let-back", person_id: person.person_id });
      return;
    }
    this.person = person;
    this.words.value = "";
    byId("remove-wrong").hidden = true;
    byId("remove-title").textContent = `Ask ${person.nickname} to step out for tonight?`;
    this.sheet.showModal();
  }

  ask() {
    const reason = this.words.value.trim();
    if (!reason) {
      byId("remove-wrong").hidden = false;
      this.words.focus();
      return;
    }
    if (this.send({ type: "remove", person_id: this.person.person_id, reason })) this.sheet.close();
  }

  hear(frame) {
    const known = this.known.get(frame.removal_id);
    const one = { ...(known?.name ? known : frame), let_back_by: frame.let_back_by || known?.let_back_by || "" };
    this.known.set(frame.removal_id, one);
    if (one.let_back_by && this.out.get(one.person_id)?.removal_id === one.removal_id) this.out.delete(one.person_id);
    else if (!one.let_back_by) this.out.set(one.person_id, one);
    const line = this.lineOf(one.person_id);
    if (line) this.show(line, one.nickname, one.person_id);
    byId("remove-said").textContent = one.let_back_by
      ? `${one.let_back_by} let ${one.nickname} back in`
      : `${one.name} asked ${one.nickname} to step out`;
  }
}
