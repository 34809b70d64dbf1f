// A room on a page: the socket, the outbox, the log and the box, for young people and facilitators alike.
import { GivenBack } from "./live-back.js";
import { Marks } from "./live-marks.js";
import { Replies } from "./live-replies.js";
import { LiveSocket } from "./live-socket.js";
import { Log } from "./live-log.js";
import { Outbox } from "./live-outbox.js";
import { Seen } from "./live-seen.js";
import { Ways } from "./live-ways.js";
import { Writing } from "./live-writing.js";

const REFUSED = {
  "not-live": "The room isn’t open for messages just now. Tap to try again",
  "too-long": "That’s a bit long for one message. Could you say it in two?",
  empty: "There was nothing in it",
  "not-yours": "This room isn’t open to you just now",
  muted: "Kept here, not sent yet. Tap to try again later",
  "not-your-turn": "Kept here for your turn. Tap to try again",
};
const SHUT = {
  4401: "You’ve been signed out here. Your words are kept until you close this tab.",
  4403: "This room isn’t yours to open. You’ve not done anything wrong.",
  4404: "This room isn’t here any more.",
};

const SAFARI_COMPOSES = 229; // its Enter that ends a composition says it is none
const STEPPED_OUT = 4410;
const NOT_YOURS = 4403;
const SPEAKING = ["live", "closing"];
const OVER = ["ended", "cancelled"];
const PAUSED = "You’ve not done anything wrong. What you’ve written stays in the box, and we’ll go on from here.";

const byId = (id) => document.getElementById(id);

export class LiveRoom {
  /** `more(frame)` hears what only one of the pages knows; `moved(state)` follows the evening. */
  constructor({ more = () => {}, moved = () => {} } = {}) {
    this.root = byId("room");
    const { session, you, state, door } = this.root.dataset;
    Object.assign(this, { more, moved, session, door, state, upto: 0, leaders: "A facilitator", waiting: new Map() });
    this.draftKey = `draft:${you}:${session}`;
    this.you = { person_id: you, nickname: "", speaker: "member" };
    this.log = new Log(you);
    this.ways = new Ways(this);
    this.box = byId("box");
    this.words = byId("words");
    this.writing = new Writing(this);
    this.marks = new Marks(this.log, `read:${you}:${session}`);
    this.log.read = (number) => this.marks.keep(number);
    this.replies = new Replies(this);
    this.back = new GivenBack(this, `over:${you}:${session}`);
    this.outbox = new Outbox(`outbox:${you}:${session}`, {
      send: (frame) => this.socket?.ready && this.socket.send(frame),
      changed: (item) => this.showMine(item),
      open: () => SPEAKING.includes(this.state) && this.ways.open,
    });
    this.prepareBox();
    this.forgetOnExit();
    this.move(state);
    setTimeout(() => (byId("loading").hidden = this.loaded || !SPEAKING.includes(this.state)), 400);
    setInterval(() => this.showTime(), 10000);
    this.showTime();
    this.socket = new LiveSocket(() => `/live/${session}?after=${this.upto}`, {
      heard: (frame) => this.hear(frame),
      up: () => this.up(),
      down: (code, final) => this.down(code, final),
    });
  }

  // ── what the room says ───────────────────────────────────────────────────

  hear(frame) {
    const known = {
      hello: () => this.hello(frame),
      messages: () => this.history(frame),
      message: () => this.put(frame),
      sent: () => this.sent(frame),
      held: () => this.held(frame),
      declined: () => this.declined(frame),
      adults: () => this.ledBy(frame),
      state: () => this.move(frame.state, frame),
      ways: () => this.ways.hear(frame),
      writing: () => this.writing.hear(frame),
      refused: () => this.refused(frame),
      withdrawn: () => this.log.takeBack(frame.number, frame.name),
      pong: () => (this.upto = Math.max(this.upto, frame.upto)),
    };
    known[frame.type]?.();
    this.more(frame);
  }

  hello(frame) {
    this.you = frame.you;
    this.people = frame.people;
    this.ends = new Date(frame.ends_at);
    this.starts = new Date(frame.starts_at);
    this.nameLeaders();
    this.move(frame.state);
    this.showTime();
    for (const item of this.outbox.items) this.showMine(item);
  }

  nameLeaders() {
    const adults = this.people.filter((one) => one.speaker === "facilitator");
    const others = adults.filter((one) => one.person_id !== this.you.person_id);
    this.leaders = others.map((one) => one.nickname).join(" or ") || "A facilitator";
    const names = adults.map((one) => one.nickname).join(" and ") || "your facilitators";
    for (const part of document.querySelectorAll("[data-leaders]")) part.textContent = names;
    return { names, several: adults.length > 1 };
  }

  /** Others lead than before: every word about them changes, and a young person is told. */
  ledBy({ list }) {
    if (!this.people) return;
    this.people = [...list, ...this.people.filter((one) => one.speaker !== "facilitator")];
    const { names, several } = this.nameLeaders();
    this.ways.show();
    if (this.you.speaker === "member") this.tell(`${names} ${several ? "lead" : "leads"} the evening from here on.`);
  }

  history(frame) {
    for (const message of frame.list) this.put(message);
    this.upto = Math.max(this.upto, frame.upto);
    if (frame.more) return;
    this.loaded = true;
    this.marks.arrive();
    byId("loading").hidden = true;
    this.log.frame.setAttribute("aria-busy", "false");
  }

  put(message) {
    if (message.person_id === this.you.person_id) {
      this.ways.spoke(message.at);
      this.outbox.done(message.client_id);
      this.waiting.delete(message.client_id);
    }
    this.log.put(message);
  }

  sent(frame) {
    const item = this.outbox.find(frame.client_id);
    if (item) this.log.mine(this.you, item, "Sent", "sent");
    this.ways.spoke(frame.at);
    this.outbox.done(frame.client_id);
  }

  held(frame) {
    if (this.back.over.has(frame.held_id)) return;
    const item = this.outbox.find(frame.client_id) ?? this.waiting.get(frame.client_id) ?? frame;
    if (!item.text) return;
    const { text, at, in_reply_to } = item;
    this.waiting.set(frame.client_id, { client_id: frame.client_id, text, at, in_reply_to });
    this.log.mine(this.you, item, `${this.leaders} is reading this one first`, "held");
    if (this.outbox.find(frame.client_id)) this.ways.spoke(Date.now());
    this.outbox.done(frame.client_id);
  }

  declined(frame) {
    const text = frame.text || this.waiting.get(frame.client_id)?.text || "";
    this.waiting.delete(frame.client_id);
    this.log.forget(frame.client_id);
    if (!OVER.includes(this.state)) this.back.hear(frame, text);
  }

  /** A few words to the one who is here, until they say okay. */
  tell(words) {
    const note = byId("note");
    note.replaceChildren(Object.assign(document.createElement("p"), { textContent: words }));
    note.append(this.noteButton("Okay", () => {}));
    note.hidden = false;
  }

  noteButton(words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button-quiet button-small";
    button.textContent = words;
    button.addEventListener("click", () => {
      act();
      this.back.show();
      this.words.focus();
    });
    return button;
  }

  refused(frame) {
    if (!frame.client_id) return;
    const words = REFUSED[frame.reason] ?? "Not sent. Tap to try again";
    this.outbox.refused(frame.client_id, frame.reason, words);
  }

  showMine(item) {
    if (!this.you.nickname) return;
    const over = OVER.includes(this.state) && "Not sent: the evening is over";
    const waits = over || (this.state === "paused" ? "Waits until we go on" : "Waits for the connection");
    const goes = this.socket?.ready && SPEAKING.includes(this.state);
    const going = this.ways.open ? "Sending …" : "Kept here, and goes when it can";
    const words = { queued: goes ? going : waits, sending: "Sending …" };
    const retry = item.state === "failed" ? () => this.outbox.tryAgain(item.client_id) : undefined;
    this.log.mine(this.you, item, words[item.state] ?? item.words ?? "Not sent. Tap to try again", item.state, retry);
  }

  // ── the line ─────────────────────────────────────────────────────────────

  up() {
    clearTimeout(this.bannerTimer);
    byId("banner").hidden = true;
    for (const item of this.outbox.items) this.showMine(item);
    this.outbox.pump();
    this.seen?.again();
  }

  down(code, final) {
    this.outbox.pauseAll();
    this.writing.forget();
    // The page at this address says it kindly: out for tonight only, or that somebody else leads now.
    if (code === STEPPED_OUT || (code === NOT_YOURS && this.you.speaker === "facilitator")) {
      location.replace(location.pathname);
      return;
    }
    const words = final ? SHUT[code] : "We’ve lost the connection. What you write is kept, and we’re trying again.";
    clearTimeout(this.bannerTimer);
    this.bannerTimer = setTimeout(() => this.showBanner(words, code), final ? 0 : 1200);
  }

  showBanner(words, code) {
    const banner = byId("banner");
    banner.textContent = words;
    banner.hidden = false;
    if (code !== 4401) return;
    const way = document.createElement("a");
    way.href = `${this.door}?next=${encodeURIComponent(location.pathname)}`;
    way.textContent = "Sign in again";
    banner.append(" ", way);
  }

  /** What was on this screen is told to the room, so that an adult knows whom to check in with. */
  acknowledge() {
    this.seen = new Seen(this.log, (frame) => this.socket?.ready && this.socket.send(frame));
  }

  // ── the evening ──────────────────────────────────────────────────────────

  move(state, { words = "", by_itself = false } = {}) {
    this.state = state;
    this.root.dataset.state = state;
    for (const part of this.root.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    if (state === "paused" && byId("pause-words")) byId("pause-words").textContent = words ? `${words} ${PAUSED}` : PAUSED;
    const typing = document.activeElement === this.words;
    // While the room is paused the box stays, so that nobody loses what they were writing.
    const watches = this.root.dataset.observing === "yes";
    this.box.hidden = watches || (!SPEAKING.includes(state) && state !== "paused");
    byId("send").disabled = state === "paused";
    if (this.box.hidden && typing) this.log.frame.focus();
    if (OVER.includes(state)) byId("note").hidden = true;
    this.showTime();
    this.ways.show();
    this.moved(state, by_itself);
    for (const item of this.outbox.items) this.showMine(item);
    this.outbox.pump();
  }

  showTime() {
    const left = byId("left");
    const ends = this.ends ?? new Date(left.dataset.ends);
    if (SPEAKING.includes(this.state) || this.state === "paused") {
      const minutes = Math.ceil((ends - Date.now()) / 60000);
      left.textContent = minutes > 0 ? `${minutes} min left` : "a little over time";
    } else if (OVER.includes(this.state)) {
      left.textContent = "over";
    }
  }

  // ── the box ──────────────────────────────────────────────────────────────

  prepareBox() {
    this.setWords(sessionStorage.getItem(this.draftKey) ?? "");
    this.words.addEventListener("input", () => this.keepDraft());
    this.words.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === SAFARI_COMPOSES) return;
      event.preventDefault();
      this.say();
    });
    this.box.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    // A tap on Send keeps the box in focus, so that the keyboard of a phone stays where it is.
    byId("send").addEventListener("pointerdown", (event) => event.preventDefault());
  }

  say() {
    const text = this.words.value.trim();
    if (!text || this.state === "paused") return;
    if (this.ways.shut) {
      this.ways.remind();
      return;
    }
    this.outbox.add(text, this.replies.take());
    this.setWords("");
    this.back.show();
    this.words.focus();
  }

  /** Words prepared beforehand, after what is there already; they are sent by nobody but the writer. */
  putWords(text) {
    const before = this.words.value.trim();
    this.setWords(before ? `${before} ${text}` : text);
    this.words.focus();
  }

  setWords(text) {
    this.words.value = text;
    this.keepDraft();
  }

  keepDraft() {
    sessionStorage.setItem(this.draftKey, this.words.value);
    this.words.style.height = "auto";
    this.words.style.height = `${Math.min(this.words.scrollHeight + 4, 160)}px`;
  }

  /** Leaving by Exit leaves nothing behind in this tab. */
  forgetOnExit() {
    new MutationObserver(() => {
      if (document.documentElement.classList.contains("gone")) sessionStorage.clear();
    }).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  }
}

/** The page is as tall as what the keyboard leaves of the screen, so that the box is always in sight. */
export function fitScreen() {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    document.documentElement.style.setProperty("--screen", `${view.height}px`);
    document.documentElement.style.setProperty("--screen-top", `${view.offsetTop}px`);
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  fit();
}
