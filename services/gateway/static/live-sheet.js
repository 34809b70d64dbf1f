// What somebody can do with one message: a sheet that names the message and lists its deeds.
const byId = (id) => document.getElementById(id);
const SHORT = 140; // characters of a message that are enough to know it by

export class MessageSheet {
  /** Each deed: `words(message)`, `when(message, mine)`, `act(message, article)`. */
  constructor(log, deeds) {
    Object.assign(this, { log, deeds, sheet: byId("message-sheet"), list: byId("message-deeds") });
    log.more = this;
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
  }

  /** Whether there is anything to do with this message. */
  fits(message, mine) {
    return this.deeds.some((deed) => deed.when?.(message, mine) ?? true);
  }

  show(article, message) {
    const number = Number(article.dataset.number);
    const mine = article.classList.contains("message-own");
    const said = { ...message, number };
    this.number = number;
    byId("message-sheet-title").textContent = mine ? "Your message" : `${message.nickname}’s message`;
    byId("message-sheet-words").textContent =
      message.text.length > SHORT ? `${message.text.slice(0, SHORT)} …` : message.text;
    const fitting = this.deeds.filter((deed) => deed.when?.(said, mine) ?? true);
    this.list.replaceChildren(...fitting.map((deed) => this.line(deed, said, article)));
    this.sheet.showModal();
  }

  line(deed, message, article) {
    const line = document.createElement("li");
    if (deed.part) {
      line.className = "deed-part";
      line.append(deed.part(message, () => this.sheet.close()));
      return line;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button-quiet deed";
    button.textContent = deed.words;
    if (deed.hint) {
      const hint = document.createElement("span");
      hint.className = "deed-hint";
      hint.textContent = deed.hint;
      button.append(hint);
    }
    button.addEventListener("click", () => {
      this.sheet.close();
      deed.act(message, article);
    });
    line.append(button);
    return line;
  }

  /** The message it is about is gone: so is the sheet. */
  forget(number) {
    if (this.sheet.open && this.number === number) this.sheet.close();
  }
}
