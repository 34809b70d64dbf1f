// Words for oneself: they go from here into the writer's book and nowhere else. What the book has not got yet is kept in
// this tab; what was to be kept is sent again until it is there.
const byId = (id) => document.getElementById(id);
const AGAIN = 4000; // milliseconds
const PRIVATE = new Set(["reflection", "challenge"]);
const AWAY = "We’ve lost the connection. Your words are safe here, and go when it’s back.";
const SHUT = "This can’t go into your book just now. Your words stay here until you close this tab.";
const KEPT = "It’s in your book.";

export class OwnWords {
  /** `tell(words)` says something to the writer after the box is gone. */
  constructor({ you, session }, tell) {
    Object.assign(this, { session, tell, form: byId("own"), words: byId("own-words"), key: `own:${you}:${session}` });
    this.drafts = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
    this.words.addEventListener("input", () => this.write({ going: false }));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
    byId("own-drop").addEventListener("click", () => this.drop());
    setInterval(() => this.sendAll(), AGAIN);
    this.sendAll();
  }

  /** What is done together now, and whether it is open. */
  hear(activity, open) {
    this.now = open && PRIVATE.has(activity.kind) ? activity : null;
    this.show();
  }

  /** The box of the open activity; else of words that are still nowhere but here. */
  show() {
    const step = this.now?.step_id ?? Object.keys(this.drafts).find((one) => this.isLoose(one));
    const place = byId(this.now ? "activity-own" : "own-later");
    if (this.form.parentNode !== place) place.append(this.form);
    byId("own-later").hidden = Boolean(this.now) || !step;
    this.form.hidden = !step;
    byId("own-drop").hidden = Boolean(this.now);
    if (step) byId("own-label").textContent = this.now ? "Your own words" : `Not in your book yet: ${this.drafts[step].title}`;
    if (step === this.step) return;
    this.step = step;
    if (!step) return;
    this.drafts[step] ??= { activity_id: this.now.activity_id, title: this.now.title, text: "", kept: "" };
    this.words.value = this.drafts[step].text;
    this.say("");
    this.sendAll();
  }

  isLoose(step) {
    const { text, kept } = this.drafts[step];
    return Boolean(text.trim()) && text !== kept;
  }

  write(more) {
    Object.assign(this.drafts[this.step], { text: this.words.value, ...more });
    this.say("");
    this.save();
  }

  keep() {
    if (!this.words.value.trim()) {
      this.say("There’s nothing here yet. A word or two is enough.");
      return;
    }
    this.write({ going: true });
    this.say("Keeping …");
    this.sendAll();
  }

  drop() {
    delete this.drafts[this.step];
    this.save();
    this.show();
  }

  /** One after another; what fails is tried again by the clock. */
  async sendAll() {
    if (this.busy) return;
    this.busy = true;
    for (const [step, draft] of Object.entries(this.drafts)) {
      if (!draft.read) await this.read(step, draft);
      if (draft.read && draft.going) await this.send(step, draft);
    }
    this.busy = false;
    this.show();
  }

  address(step) {
    return `/my/book/evening/${this.session}/${step}/words`;
  }

  /** What they wrote before stands in the box, to go on from; what was typed meanwhile comes after it. */
  async read(step, draft) {
    const answer = await reach(this.address(step));
    if (!answer) {
      if (draft.going) this.say(AWAY, step);
      return;
    }
    draft.read = true;
    if (!answer.ok) {
      this.say(SHUT, step);
      return;
    }
    const { text } = await answer.json();
    draft.kept = text;
    if (text && !draft.text.includes(text)) draft.text = [text, draft.text].filter(Boolean).join("\n");
    if (step === this.step) this.words.value = draft.text;
    if (text && draft.text === text) this.say(KEPT, step);
    this.save();
  }

  async send(step, draft) {
    const { text, activity_id } = draft;
    const body = new URLSearchParams({ csrf: this.form.elements.csrf.value, text });
    const answer = await reach(`${this.address(step)}?activity=${activity_id}`, { method: "POST", body });
    if (!answer) {
      this.say(AWAY, step);
      return;
    }
    if (answer.ok) draft.kept = text;
    if (draft.text !== text) return; // written on meanwhile
    draft.going = false;
    this.save();
    if (!answer.ok) {
      const { say = SHUT } = answer.status === 422 ? await answer.json().catch(() => ({})) : {};
      this.say(say, step);
    } else if (this.now?.step_id === step) {
      this.say(KEPT, step);
    } else {
      delete this.drafts[step];
      this.tell(KEPT);
    }
  }

  say(words, step = this.step) {
    if (step === this.step) byId("own-said").textContent = words;
  }

  /** Only what the book has not got stays in this tab. */
  save() {
    if (document.documentElement.classList.contains("gone")) return;
    const loose = Object.entries(this.drafts).filter(([step]) => this.isLoose(step));
    sessionStorage.setItem(this.key, JSON.stringify(Object.fromEntries(loose)));
  }
}

/** The answer, or nothing where the book cannot be reached just now. */
async function reach(address, how = {}) {
  const answer = await fetch(address, { redirect: "manual", ...how }).catch(() => null);
  return answer && answer.status !== 429 && answer.status < 500 ? answer : null;
}
