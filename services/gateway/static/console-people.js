// The roster: who is here, what each said last and when, and who has been quiet for ten minutes.
import { worryButton } from "./console-worry.js";
import { badgeFor } from "./live-log.js";

const byId = (id) => document.getElementById(id);
const QUIET = 10 * 60 * 1000; // milliseconds
const WORDS = 60; // characters of the last word

export class Roster {
  people = [];
  here = null; // unknown until the gateway says
  last = new Map();

  /** `dress(line, person_id, shown)` adds what else is known of somebody; `shown` is what the page came with. */
  constructor(leading, removals, dress) {
    Object.assign(this, { leading, removals, dress });
    setInterval(() => this.tell(), 10000);
  }

  meet({ people, you, starts_at }) {
    Object.assign(this, { people, you, starts: new Date(starts_at).getTime() });
    byId("people").replaceChildren(...people.map((person) => this.line(person)));
    this.leading.people = people;
    this.leading.show();
    this.tell();
  }

  presence({ here }) {
    this.here = new Set(here);
    this.tell();
  }

  /** What somebody said, or what waits of theirs. */
  spoke({ person_id, at, text, number }) {
    const time = new Date(at).getTime();
    if (time < (this.last.get(person_id)?.time ?? 0)) return;
    this.last.set(person_id, { time, text, number });
    this.tell();
  }

  /** What was taken back has no words here either. */
  forget(number) {
    for (const last of this.last.values()) if (last.number === number) last.text = "";
    this.tell();
  }

  /** Those young people who are here now, by name: who takes turns. All of them while nobody has said who is here. */
  present() {
    const here = (id) => (this.here?.has(id) ?? true) && !this.removals.out.has(id);
    const members = this.people.filter((one) => one.speaker === "member" && here(one.person_id));
    return members.sort((a, b) => a.nickname.localeCompare(b.nickname)).map((one) => one.person_id);
  }

  find(person_id) {
    return byId("people").querySelector(`[data-person="${CSS.escape(person_id)}"]`);
  }

  line(person) {
    const line = byId("person").content.firstElementChild.cloneNode(true);
    line.dataset.person = person.person_id;
    line.prepend(badgeFor(person));
    const part = person.person_id === this.you.person_id ? " you" : person.speaker === "facilitator" ? " leads" : "";
    line.querySelector(".person-name").textContent = person.nickname;
    line.querySelector(".person-part").textContent = part;
    const shown = byId("people").querySelector(`[data-member="${CSS.escape(person.person_id)}"]`);
    this.dress(line, person.person_id, shown);
    if (person.speaker === "member") {
      const deeds = Object.assign(document.createElement("div"), { className: "person-deeds" });
      deeds.append(this.leading.muteButton(person));
      if (byId("worry-sheet")) deeds.append(worryButton(person));
      line.append(deeds);
      this.removals.dress(line, person);
    }
    return line;
  }

  tell() {
    const now = Date.now();
    for (const line of byId("people").children) {
      const id = line.dataset.person;
      if (!id) continue;
      const here = this.here?.has(id) ?? null;
      const last = this.last.get(id);
      const since = last?.time ?? this.starts;
      set(line.querySelector(".person-here"), here === null ? "" : here ? "here" : "not here");
      line.classList.toggle("is-here", Boolean(here));
      set(line.querySelector(".person-last"), last ? `${ago(now - last.time)}: ${quoted(last.text)}` : "");
      const member = this.people.find((one) => one.person_id === id)?.speaker === "member";
      line.querySelector(".person-quiet").hidden = !(member && here && this.live && now - since >= QUIET);
    }
    const members = this.people.filter((one) => one.speaker === "member").length;
    set(byId("people-count"), this.here ? `${this.present().length} of ${members}` : String(this.people.length));
  }

  move(state) {
    this.live = ["live", "closing"].includes(state);
    this.tell();
  }
}

function set(part, words) {
  if (part.textContent !== words) part.textContent = words;
}

function quoted(text) {
  return text ? `“${shortened(text)}”` : "taken back";
}

function shortened(text) {
  const line = text.replace(/\s+/g, " ");
  return line.length > WORDS ? `${line.slice(0, WORDS)} …` : line;
}

function ago(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  return minutes < 1 ? "just now" : `${minutes} min ago`;
}
