// Where no WebSocket gets through: frames come as server-sent events and go by POST, behind the face of a WebSocket.
const SILENCE = 40000; // milliseconds without an event; the server gives a sign of life every 15 s
const LOST = 1006; // what a WebSocket says of a line that broke
const ANSWER_WITHIN = 20000;
const KEEPALIVE_BYTES = 60000; // browsers let no more outlive a page

export class LiveStream extends EventTarget {
  /** `path` as for the socket, e.g. `/live/s-1?after=41`. */
  constructor(path) {
    super();
    const [place, query = ""] = path.split("?");
    const bytes = crypto.getRandomValues(new Uint8Array(8));
    const line = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    Object.assign(this, { waiting: [], open: false, over: false, say: `${place}/say?line=${line}` });
    this.source = new EventSource(`${place}/events?${query}${query && "&"}line=${line}`);
    this.source.addEventListener("message", (event) => this.hear(event.data));
    this.source.addEventListener("close", (event) => this.end(Number(event.data)));
    this.source.addEventListener("error", () => this.end(LOST));
    this.listen();
  }

  get readyState() {
    if (this.over) return WebSocketState.CLOSED;
    return this.open ? WebSocketState.OPEN : WebSocketState.CONNECTING;
  }

  hear(text) {
    if (this.over) return;
    this.open = true;
    this.listen();
    this.dispatchEvent(new MessageEvent("message", { data: text }));
    this.post();
  }

  /** A line that says nothing for so long is dead, whatever the browser thinks. */
  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.end(LOST), SILENCE);
  }

  send(text) {
    this.waiting.push(text);
    this.post();
  }

  /** One POST at a time, so that the order is kept; what was said meanwhile goes with the next, a line for each. */
  async post() {
    if (this.posting || !this.open || this.over || !this.waiting.length) return;
    this.posting = true;
    const answer = await this.ask(this.take());
    this.posting = false;
    if (this.over) return;
    for (const frame of answer.frames) this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
    if (answer.close) this.end(answer.close);
    else this.post();
  }

  /** As many as one POST may hold. */
  take() {
    const body = [this.waiting.shift()];
    let size = body[0].length;
    while (this.waiting.length && body.length < 20 && size + this.waiting[0].length < 15000) {
      size += this.waiting[0].length;
      body.push(this.waiting.shift());
    }
    return body.join("\n");
  }

  async ask(body) {
    try {
      const keepalive = new Blob([body]).size < KEEPALIVE_BYTES;
      const signal = AbortSignal.timeout(ANSWER_WITHIN);
      const response = await fetch(this.say, { method: "POST", body, keepalive, signal });
      return await response.json();
    } catch {
      // A page of a proxy, or nothing at all. Whoever comes back sends again what was not answered, under the same name.
      return { frames: [], close: LOST };
    }
  }

  end(code) {
    if (this.over) return;
    this.close();
    this.dispatchEvent(new CloseEvent("close", { code }));
  }

  close() {
    this.over = true;
    clearTimeout(this.silence);
    this.source.close();
  }
}

/** The states of a WebSocket, which a browser may not even have. */
export const WebSocketState = { CONNECTING: 0, OPEN: 1, CLOSED: 3 };
