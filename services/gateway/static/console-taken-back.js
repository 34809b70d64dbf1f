// What was taken back, and on whose screens it had been: the people to check in with.
import { badgeFor, timeOf } from "./live-log.js";

const byId = (id) => document.getElementById(id);

export class TakenBack {
  constructor() {
    this.known = new Map();
    this.people = new Map();
  }

  meet(people) {
    for (const person of people) this.people.set(person.person_id, person);
  }

  /** A later frame adds to an earlier one. */
  show(frame) {
    const one = this.known.get(frame.number) ?? { ...frame, people: [] };
    one.people = [...new Set([...one.people, ...frame.people])];
    for (const word of ["nickname", "name"]) one[word] ||= frame[word];
    this.known.set(frame.number, one);
    byId("taken-back-part").hidden = false;
    const lines = [...this.known.values()].sort((a, b) => b.number - a.number).map((each) => this.line(each));
    byId("taken-back").replaceChildren(...lines);
  }

  line(one) {
    const line = byId("taken-back-line").content.firstElementChild.cloneNode(true);
    line.querySelector(".taken-what").textContent = `${one.nickname}’s message, taken back by ${one.name} at ${timeOf(one.at)}`;
    const list = line.querySelector(".taken-who");
    const names = one.people.map((id) => this.people.get(id)).filter(Boolean);
    list.replaceChildren(...names.map((person) => this.person(person)));
    const nobody = names.length === 0;
    line.querySelector(".taken-nobody").hidden = !nobody;
    line.querySelector(".taken-seen").hidden = nobody;
    return line;
  }

  person(person) {
    const item = document.createElement("li");
    item.append(badgeFor(person), Object.assign(document.createElement("span"), { textContent: person.nickname }));
    return item;
  }
}
