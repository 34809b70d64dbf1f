// Reactions: five kind things to say to a message without words of one's own; one for each person, free to take back.
const byId = (id) => document.getElementById(id);
export const KINDS = { "with-you": "With you", "me-too": "Me too", "thank-you": "Thank you", strong: "Strong", gentle: "Gentle" };

export class Reactions {
  /** `names` says who a person is, on the console; young people see counts. */
  constructor(room, names = () => "") {
    Object.assign(this, { room, log: room.log, names, said: byId("reactions-said"), known: new Map() });
    this.log.kept.push((message) => this.show(message.number));
    this.log.emptied.push((number) => this.show(number));
  }

  /** Part of a message's sheet: the five, the own one pressed. */
  deed() {
    return {
      when: (message, mine) => !mine,
      part: (message, close) => this.row(message.number, close),
    };
  }

  row(number, close) {
    const row = document.createElement("div");
    row.className = "reaction-row";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "Say it without words");
    const mine = this.known.get(number)?.mine ?? "";
    for (const [kind, words] of Object.entries(KINDS)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button-quiet reaction-choice";
      button.setAttribute("aria-pressed", String(kind === mine));
      button.append(picture(kind), Object.assign(document.createElement("span"), { textContent: words }));
      button.addEventListener("click", () => {
        close();
        this.set(number, kind === mine ? null : kind);
      });
      row.append(button);
    }
    return row;
  }

  set(number, reaction) {
    const gone = this.room.socket.ready && this.room.socket.send({ type: "react", number, reaction });
    if (!gone) this.room.tell("That didn’t get through, because the connection is away. Please try again in a moment.");
  }

  hear(frame) {
    const one = this.known.get(frame.number) ?? { turn: 0, counts: {}, mine: "", who: {} };
    if (frame.turn < one.turn) return;
    const before = one.counts;
    Object.assign(one, { turn: frame.turn, counts: frame.counts, who: { ...one.who, ...frame.who } });
    if (frame.mine !== null) one.mine = frame.mine;
    this.known.set(frame.number, one);
    this.show(frame.number);
    this.announce(frame, before);
  }

  /** The writer of a message hears of a new one, politely and apart from the log, which is never read anew. */
  announce(frame, before) {
    const article = this.log.byNumber.get(frame.number);
    if (!this.room.loaded || !article?.classList.contains("message-own")) return;
    const more = Object.keys(KINDS).find((kind) => (frame.counts[kind] ?? 0) > (before[kind] ?? 0));
    if (more) this.said.textContent = `Somebody says “${KINDS[more]}” to your message`;
  }

  show(number) {
    const article = this.log.byNumber.get(number);
    const one = this.known.get(number);
    if (!article || !one) return;
    const list = article.querySelector(".reactions");
    const kinds = "gone" in article.dataset ? [] : Object.keys(KINDS).filter((kind) => one.counts[kind]);
    this.log.follow(() => list.replaceChildren(...kinds.map((kind) => this.chip(kind, one))), false, false);
    list.hidden = kinds.length === 0;
  }

  chip(kind, one) {
    const chip = document.createElement("li");
    chip.className = "reaction";
    chip.dataset.mine = String(one.mine === kind);
    const who = Object.keys(one.who).filter((id) => one.who[id] === kind).map(this.names).filter(Boolean);
    const count = String(one.counts[kind]);
    const words = `${KINDS[kind]}: ${who.join(", ") || count}${one.mine === kind ? ", yours too" : ""}`;
    const said = Object.assign(document.createElement("span"), { className: "away", textContent: words });
    const shown = Object.assign(document.createElement("span"), { textContent: who.join(", ") || count });
    shown.setAttribute("aria-hidden", "true");
    chip.append(picture(kind), said, shown);
    return chip;
  }
}

function picture(kind) {
  return byId(`reaction-${kind}`).content.cloneNode(true);
}
