// Giving a message back: with a few kind words, prepared or one's own, and a way to say it again or not.
const byId = (id) => document.getElementById(id);
const LONGEST = 500; // characters

export class Decline {
  /** `send(frame)` says whether it went; `failed(held_id)` shows that it did not. */
  constructor({ send, failed }) {
    Object.assign(this, { send, failed, sheet: byId("decline-sheet"), words: byId("decline-words") });
    this.words.maxLength = LONGEST;
    for (const button of byId("decline-prepared").querySelectorAll("button")) {
      button.addEventListener("click", () => {
        this.words.value = button.textContent.trim();
        this.words.focus();
      });
    }
    byId("ask-again").addEventListener("click", () => this.give(true));
    byId("keep-back").addEventListener("click", () => this.give(false));
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
  }

  begin(held_id, nickname, went) {
    Object.assign(this, { held_id, went });
    this.words.value = "";
    byId("decline-title").textContent = `Give it back to ${nickname}`;
    this.sheet.showModal();
  }

  give(rephrase) {
    this.sheet.close();
    const frame = { type: "decline", held_id: this.held_id, words: this.words.value.trim(), rephrase };
    if (this.send(frame)) this.went();
    else this.failed(this.held_id);
  }

  /** Somebody else decided meanwhile. */
  forget(held_id) {
    if (this.sheet.open && this.held_id === held_id) this.sheet.close();
  }
}
