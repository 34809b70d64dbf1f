// Replies: a short quote that leads to the message it answers, and the line above the box that says whom you answer.
const byId = (id) => document.getElementById(id);
const SHORT = 90; // characters of a quote

export class Replies {
  constructor(room) {
    Object.assign(this, { room, log: room.log, line: byId("replying"), quotes: new Map(), messages: new Map() });
    this.log.made.push((article, message) => this.quote(article, message));
    this.log.kept.push((message) => this.keep(message));
    this.log.emptied.push((number) => this.forget(number));
    byId("not-replying").addEventListener("click", () => this.stop());
  }

  deed() {
    return { words: "Reply", when: () => !byId("box").hidden, act: (message) => this.begin(message) };
  }

  begin(message) {
    this.number = message.number;
    this.line.hidden = false;
    byId("replying-to").textContent = `To ${message.nickname}: ${shortened(message.text)}`;
    this.room.words.focus();
  }

  stop() {
    this.number = undefined;
    this.line.hidden = true;
    this.room.words.focus();
  }

  /** The number the next message answers; asked once for each message. */
  take() {
    const number = this.number ?? 0;
    this.number = undefined;
    this.line.hidden = true;
    return number;
  }

  // ── in the log ───────────────────────────────────────────────────────────

  quote(article, message) {
    if (!message.in_reply_to) return;
    const button = byId("message-quote").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => this.log.find(message.in_reply_to));
    article.querySelector(".message-row").before(button);
    const known = this.quotes.get(message.in_reply_to) ?? [];
    this.quotes.set(message.in_reply_to, [...known, button]);
    this.fill(message.in_reply_to);
  }

  keep(message) {
    this.messages.set(message.number, { nickname: message.nickname, text: message.text });
    this.fill(message.number);
  }

  /** A message that was taken back has no words in a quote either. */
  forget(number) {
    this.messages.set(number, { nickname: "", text: "" });
    if (this.number === number) this.stop();
    this.fill(number);
  }

  fill(number) {
    const said = this.messages.get(number);
    const gone = said ? "a message that was taken back" : "an earlier message";
    for (const button of this.quotes.get(number) ?? []) {
      button.querySelector(".quote-name").textContent = said?.nickname ?? "";
      button.querySelector(".quote-words").textContent = said?.text ? shortened(said.text) : gone;
    }
  }
}

function shortened(text) {
  const line = text.replace(/\s+/g, " ");
  return line.length > SHORT ? `${line.slice(0, SHORT)} …` : line;
}
