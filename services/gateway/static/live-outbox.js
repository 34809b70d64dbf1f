// What somebody has written and the room has not got yet: kept in this tab, sent in order, each one once.
const ANSWER_WITHIN = 12000; // milliseconds; then it is sent again under the same name, which posts it once
const AGAIN = { unavailable: 2000, "too-fast": 3000, slow: 2000 };

export class Outbox {
  /** `send(frame)` is the socket's; `changed(item)` shows an item; `open()` says whether the room takes messages. */
  constructor(key, { send, changed, open }) {
    Object.assign(this, { key, send, changed, open, items: [] });
    try {
      this.items = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    } catch {
      this.items = [];
    }
    for (const item of this.items) if (item.state === "sending") item.state = "queued";
  }

  find(client_id) {
    return this.items.find((item) => item.client_id === client_id);
  }

  add(text, in_reply_to = 0) {
    const item = { client_id: newName(), text, in_reply_to, state: "queued", at: new Date().toISOString() };
    this.items.push(item);
    this.show(item);
    this.pump();
  }

  /** Send the oldest that waits, unless one is under way: order is kept. */
  pump() {
    if (this.inHand || this.resting || !this.open()) return;
    const item = this.items.find((one) => one.state === "queued");
    if (!item) return;
    const { client_id, text, in_reply_to } = item;
    if (!this.send({ type: "say", client_id, text, in_reply_to: in_reply_to ?? 0 })) return;
    item.state = "sending";
    this.inHand = item.client_id;
    this.timer = setTimeout(() => this.retry(item, 0), ANSWER_WITHIN);
    this.show(item);
  }

  /** It is on record, or with a facilitator: it leaves the outbox. */
  done(client_id) {
    this.items = this.items.filter((item) => item.client_id !== client_id);
    this.keep();
    this.free(client_id);
  }

  refused(client_id, reason, words) {
    const item = this.find(client_id);
    if (item && reason in AGAIN) {
      this.retry(item, AGAIN[reason]);
      return;
    }
    if (item) {
      item.state = "failed";
      item.words = words;
      this.show(item);
    }
    this.free(client_id);
  }

  /** A tap on one that was not sent. */
  tryAgain(client_id) {
    const item = this.find(client_id);
    if (!item) return;
    item.state = "queued";
    this.show(item);
    this.pump();
  }

  /** The line is down: what was under way waits its turn. */
  pauseAll() {
    clearTimeout(this.timer);
    this.inHand = undefined;
    for (const item of this.items) {
      if (item.state === "sending") item.state = "queued";
      this.show(item);
    }
  }

  retry(item, pause) {
    clearTimeout(this.timer);
    if (this.inHand === item.client_id) this.inHand = undefined;
    item.state = "queued";
    this.show(item);
    this.resting = true;
    setTimeout(() => {
      this.resting = false;
      this.pump();
    }, pause);
  }

  free(client_id) {
    if (this.inHand === client_id) {
      clearTimeout(this.timer);
      this.inHand = undefined;
    }
    this.pump();
  }

  show(item) {
    this.keep();
    this.changed(item);
  }

  keep() {
    sessionStorage.setItem(this.key, JSON.stringify(this.items));
  }
}

function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
