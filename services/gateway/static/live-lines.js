// Which line a page opens next: a WebSocket, or events and POST where a network lets no WebSocket through.
import { LiveStream, WebSocketState } from "./live-stream.js";

const KEY = "line";
const KEPT = 30 * 60000; // milliseconds a tab remembers that sockets are shut out; a page after that tries one again
const OPENS_WITHIN = 6000;
const GREETS_WITHIN = 12000;
const TRIES = 2; // sockets that broke before their first frame
const TRIES_ONCE_WORKED = 6; // the same where one has worked on this page: the server is more likely to be restarting
const LOST = 1006;

export class Lines {
  constructor() {
    Object.assign(this, { failed: 0, worked: false, streams: remembered() || !("WebSocket" in window) });
  }

  open(path) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.line = this.streams ? new LiveStream(path) : new WebSocket(`${scheme}//${location.host}${path}`);
    this.late = false;
    return this.line;
  }

  /** Milliseconds this line may still take before its first frame, `age` after it was begun. */
  patience(age) {
    const shut = !this.streams && this.line.readyState === WebSocketState.CONNECTING;
    return (shut ? OPENS_WITHIN : GREETS_WITHIN) - age;
  }

  /** The line gave its first frame: the next one is of the same kind; where sockets have worked here, one is tried. */
  works() {
    this.failed = 0;
    if (!this.streams) this.worked = true;
    else if (this.worked) Object.assign(this, { streams: false, failed: TRIES_ONCE_WORKED - 1 });
    remember(this.streams);
  }

  /** The line broke before its first frame; says whether the other kind is worth trying at once. */
  fails(code) {
    if (!navigator.onLine) return false;
    if (this.streams) {
      this.streams = !("WebSocket" in window);
      this.failed = (this.worked ? TRIES_ONCE_WORKED : TRIES) - 1;
      return false;
    }
    if (code !== LOST) {
      this.worked = true; // the server itself has closed it
      return false;
    }
    this.failed += this.late ? TRIES : 1;
    this.streams = this.failed >= (this.worked ? TRIES_ONCE_WORKED : TRIES);
    return this.streams;
  }
}

function remembered() {
  try {
    return Date.now() < Number(sessionStorage.getItem(KEY));
  } catch {
    return false;
  }
}

function remember(streams) {
  try {
    if (!streams) sessionStorage.removeItem(KEY);
    else if (!remembered()) sessionStorage.setItem(KEY, String(Date.now() + KEPT));
  } catch {
    // no memory here: the next page finds out for itself
  }
}
