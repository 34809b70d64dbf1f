// "I need help now": the help lines, and telling the adults here; and telling them quietly about a message.
const byId = (id) => document.getElementById(id);

/** The sheet with the help lines, always one tap away, and the button that tells the adults. */
export class HelpNow {
  constructor(room) {
    Object.assign(this, { room, way: byId("help-now"), sheet: byId("help-sheet"), button: byId("ask-help") });
    this.calls = new Map();
    this.way.setAttribute("role", "button");
    this.way.setAttribute("aria-haspopup", "dialog");
    this.way.addEventListener("click", (event) => this.open(event));
    this.way.addEventListener("keydown", (event) => event.key === " " && this.open(event));
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    this.button.addEventListener("click", () => this.ask());
  }

  open(event) {
    event.preventDefault();
    this.sheet.showModal();
  }

  ask() {
    this.wanted = true;
    this.say("Telling them now …");
    this.send();
  }

  /** The line may be down: it is asked again as soon as it is back, and is the same call. */
  send() {
    if (!this.wanted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), 6000);
    if (this.room.socket.ready && this.room.socket.send({ type: "ask-help" })) return;
    this.say("The connection is away just now. We’ll tell them as soon as it’s back. The numbers below work now.");
  }

  /** The call is on record, or an adult has come. */
  hear(frame) {
    clearTimeout(this.timer);
    this.wanted = false;
    this.calls.set(frame.help_id, frame.answered_by || this.calls.get(frame.help_id) || "");
    const waiting = [...this.calls.values()].some((name) => !name);
    this.button.hidden = waiting;
    if (waiting) {
      this.say(`${this.room.leaders} and the people on duty know that you need help now. Stay here if you can.`);
      return;
    }
    this.say(`${frame.answered_by} is with you now.`);
    if (!this.sheet.open) this.room.tell(`${frame.answered_by} knows that you need help, and is with you now.`);
  }

  say(words) {
    byId("ask-help-said").textContent = words;
  }
}

/** Which message is it about, and why: the adults alone learn of it. */
export class QuietReport {
  constructor(room) {
    Object.assign(this, { room, sheet: byId("report-sheet") });
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    for (const button of this.sheet.querySelectorAll("[data-about]")) {
      button.addEventListener("click", () => this.send(button.dataset.about));
    }
  }

  deed() {
    return {
      words: "Tell the adults quietly",
      hint: "Only they learn of it. Whoever wrote it doesn’t.",
      when: (message, mine) => !mine,
      act: (message) => {
        this.number = message.number;
        this.sheet.showModal();
      },
    };
  }

  send(about) {
    this.sheet.close();
    const gone = this.room.socket.ready && this.room.socket.send({ type: "report", number: this.number, about });
    if (!gone) this.room.tell("That didn’t get through, because the connection is away. Please try again in a moment.");
  }

  thank() {
    this.room.tell(`Thank you for telling us. ${this.room.leaders} will look at it. Nobody in the group knows that you did.`);
  }
}
