// A socket that comes back by itself: with a growing pause, asking only for what is new. Where no WebSocket gets through
// it is a stream of events instead, and nobody who uses it knows.
import { Lines } from "./live-lines.js";
import { WebSocketState } from "./live-stream.js";

const FIRST_PAUSE = 400; // milliseconds
const LONGEST_PAUSE = 15000;
const PING_EVERY = 25000;
const SILENCE = 45000; // no frame for so long: the line is dead, whatever the browser thinks
const FINAL = new Set([4401, 4403, 4404, 4410]);
const REST = { 4429: 15000, 4400: 5000 };

export class LiveSocket {
  /** `path` is asked anew for each try; `heard(frame)`, `up()`, `down(code, final)` tell the page. */
  constructor(path, { heard, up, down }) {
    Object.assign(this, { path, heard, up, down, pause: FIRST_PAUSE, final: false, lines: new Lines() });
    window.addEventListener("online", () => this.soon());
    window.addEventListener("offline", () => this.drop());
    window.addEventListener("pageshow", () => this.soon());
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
    setInterval(() => this.beat(), 5000);
    this.open();
  }

  get ready() {
    return this.socket?.readyState === WebSocketState.OPEN && this.greeted;
  }

  open() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.greeted = false;
    this.at = Date.now();
    const socket = this.lines.open(this.path());
    this.socket = socket;
    this.hurry(socket, this.at);
    socket.addEventListener("message", (event) => socket === this.socket && this.take(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => socket === this.socket && this.lost(event.code));
  }

  /** A line that does not greet in time counts as broken. */
  hurry(socket, since) {
    if (socket !== this.socket || this.greeted) return;
    const left = this.lines.patience(Date.now() - since);
    if (left > 0) {
      setTimeout(() => this.hurry(socket, since), left);
      return;
    }
    this.lines.late = true;
    this.drop();
  }

  take(frame) {
    this.at = Date.now();
    this.pause = FIRST_PAUSE;
    const first = !this.greeted;
    this.greeted = true;
    if (first) this.lines.works();
    this.heard(frame);
    if (first) this.up();
  }

  lost(code) {
    const other = !this.greeted && this.lines.fails(code);
    this.greeted = false;
    this.socket = undefined;
    this.final = FINAL.has(code);
    this.down(code, this.final);
    if (this.final) return;
    const pause = other ? 0 : Math.max(this.pause * (0.5 + Math.random()), REST[code] ?? 0);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    this.rested = REST[code] ? Date.now() + pause : 0;
    this.timer = setTimeout(() => this.open(), pause);
  }

  soon() {
    if (this.final || this.socket || Date.now() < (this.rested ?? 0)) return;
    this.open();
  }

  /** The line is dead, though the socket may not know it yet: say so at once, and begin to try again. */
  drop() {
    const dead = this.socket;
    if (!dead) return;
    this.lost(1006);
    dead.close();
  }

  beat() {
    if (!this.socket) return;
    const quiet = Date.now() - this.at;
    if (quiet > SILENCE) {
      this.drop();
    } else if (this.ready && Date.now() - (this.pinged ?? 0) > PING_EVERY) {
      this.pinged = Date.now();
      this.send({ type: "ping" });
    }
  }

  send(frame) {
    if (this.socket?.readyState !== WebSocketState.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }
}
