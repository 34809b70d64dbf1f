// The facilitators' console: the room, who is in it, and what waits for a decision.
import { LiveRoom, fitScreen } from "./live-room.js";
import { badgeFor } from "./live-log.js";
import { lasting } from "./live-clock.js";
import { Calls } from "./console-calls.js";
import { Reactions } from "./live-reactions.js";
import { Decline } from "./console-decline.js";
import { PrivateWords } from "./live-private.js";
import { MessageSheet } from "./live-sheet.js";
import { TakenBack } from "./console-taken-back.js";
import { Leading } from "./console-lead.js";
import { RunSheet } from "./console-sheet.js";
import { Observers } from "./console-observers.js";
import { Roster } from "./console-people.js";
import { Removals } from "./console-remove.js";
import { StaffNotes } from "./console-notes.js";
import { every } from "./steady.js";

const byId = (id) => document.getElementById(id);
const STATES = {
  scheduled: "doors closed", doors: "doors open", live: "live", paused: "paused", closing: "last minutes",
  ended: "ended", cancelled: "cancelled",
};
const DEEDS = {
  scheduled: ["open", "cancel"], doors: ["start", "cancel"], live: ["pause", "last-minutes", "end"],
  paused: ["resume", "end"], closing: ["pause", "end"], ended: [], cancelled: [],
};
const HERE_SECONDS = 5;
const watches = byId("room").dataset.observing === "yes"; // a supervisor, who leads nothing
const waits = new Map();
const takenBack = new TakenBack();

const leading = new Leading((frame) => ask(frame), () => roster.present());
const removals = new Removals({ send: (frame) => ask(frame), line: (person_id) => roster.find(person_id) });
const roster = new Roster(leading, removals, (line, person_id, shown) => {
  const note = checkIns.get(person_id);
  if (note) putCheckIn(line, note);
  else if (shown) line.querySelector(".person-name").append(shown);
});
const observers = new Observers(byId("room").dataset.you);
const notes = new StaffNotes((frame) => ask(frame));
const runSheet = new RunSheet((frame) => ask(frame), (words) => room.putWords(words));
fitScreen();
const room = new LiveRoom({
  moved(state, by_itself) {
    byId("pause-why").textContent = by_itself
      ? "It paused by itself, because no adult’s page was open. It goes on by itself now that yours is."
      : "Nobody can write. Everybody keeps what they had typed, and sees help lines meanwhile.";
    byId("state-word").textContent = STATES[state];
    byId("leading").hidden = watches || !["live", "closing"].includes(state);
    runSheet.move(state);
    roster.move(state);
    for (const button of byId("deeds").children) button.hidden = !DEEDS[state].includes(button.dataset.deed);
  },
  more(frame) {
    if (frame.type === "hello") {
      takenBack.meet(frame.people);
      roster.meet(frame);
    }
    if (frame.type === "presence") roster.presence(frame);
    if (frame.type === "message") roster.spoke(frame);
    if (frame.type === "messages") frame.list.forEach((one) => roster.spoke(one));
    if (frame.type === "adults") {
      const { people, you, starts } = room;
      takenBack.meet(people);
      roster.meet({ people, you, starts_at: starts });
    }
    if (frame.type === "observer") observers.hear(frame);
    if (frame.type === "stepped-out") {
      removals.hear(frame);
      roster.tell();
    }
    if (frame.type === "note") notes.hear(frame);
    if (frame.type === "help") calls.hear(frame);
    if (frame.type === "reported") calls.report(frame);
    if (frame.type === "reactions") reactions.hear(frame);
    if (frame.type === "private") words.hear(frame);
    if (frame.type === "hello") {
      showThreads();
      words.sendAll();
    }
    if (frame.type === "refused" && frame.client_id) words.refused(frame);
    if (frame.type === "shown") takenBack.show(frame);
    if (frame.type === "withdrawn") {
      messages.forget(frame.number);
      roster.forget(frame.number);
    }
    if (frame.type === "ways") leading.hear(frame);
    if (frame.type === "hello") runSheet.ask();
    if (frame.type === "sheet") runSheet.hear(frame);
    if (frame.type === "activity") runSheet.note(frame);
    if (frame.type === "evening") showNeeds(frame);
    if (frame.type === "checked-in") showCheckIn(frame);
    if (frame.type === "waiting") showWaiting(frame);
    if (frame.type === "decided") {
      decline.forget(frame.held_id);
      countWait(frame);
      settle(frame.held_id);
    }
    if (frame.type === "waited") showMedian(frame.seconds);
    if (frame.type === "refused" && frame.held_id) showRefused(frame);
    if (frame.type === "refused" && !frame.held_id && !frame.client_id) sayRefused(frame);
  },
});

const calls = new Calls({
  answer: (help_id) => room.socket.send({ type: "be-with", help_id }) || sayRefused({}),
  show(number) {
    showPart("room");
    room.log.find(number);
  },
  changed: () => tellTime(),
});
const reactions = new Reactions(room, (id) => takenBack.people.get(id)?.nickname ?? "");
const words = new PrivateWords(room, "", (fresh) => {
  showThreads();
  if (fresh && !fresh.by_adult) byId("threads-said").textContent = `${fresh.nickname} has written privately`;
});

function showThreads() {
  const young = [...takenBack.people.values()].filter((person) => person.speaker === "member");
  const lines = young.map((person) => {
    const count = words.unread.get(person.person_id);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button-quiet thread" });
    button.setAttribute("aria-haspopup", "dialog");
    button.append(badgeFor(person), `${person.nickname}${count ? `, ${count} new` : ""}`);
    button.addEventListener("click", () => words.open(person.person_id, `A private word with ${person.nickname}`));
    const line = document.createElement("li");
    line.append(button);
    return line;
  });
  const focused = [...byId("threads").querySelectorAll("button")].indexOf(document.activeElement);
  byId("threads").replaceChildren(...lines);
  if (focused >= 0) byId("threads").querySelectorAll("button")[focused]?.focus();
}
const deedsOfLeaders = [
  reactions.deed(),
  room.replies.deed(),
  {
    words: "Take it back",
    hint: "It goes from every screen at once. You see who had it on theirs; the words stay on record for the desk.",
    act: ({ number }) => room.socket.send({ type: "withdraw", number }) || sayRefused({}),
  },
];
const messages = new MessageSheet(room.log, watches ? [] : deedsOfLeaders);

// ── what waits ───────────────────────────────────────────────────────────────

function showWaiting(frame) {
  if (waits.has(frame.held_id)) return;
  const line = byId("waiting").content.firstElementChild.cloneNode(true);
  line.querySelector(".message-badge").append(badgeFor(frame));
  line.querySelector(".message-name").textContent = frame.nickname;
  line.querySelector(".message-text").textContent = frame.text;
  const why = frame.why.length ? frame.why : ["We couldn’t judge it, so it waits for you."];
  line.querySelector(".wait-why").append(
    ...why.map((words) => Object.assign(document.createElement("li"), { textContent: words })),
  );
  for (const button of line.querySelectorAll("[data-deed]")) {
    button.setAttribute("aria-label", `${button.textContent}: ${frame.nickname}’s message`);
    const deeds = {
      release: () => decide(frame.held_id, "release"),
      decline: () => decline.begin(frame.held_id, frame.nickname, () => rest(frame.held_id)),
    };
    button.addEventListener("click", deeds[button.dataset.deed]);
  }
  waits.set(frame.held_id, { line, at: new Date(frame.at) });
  byId("waits").append(line);
  byId("waits-said").textContent = `${frame.nickname}’s message waits for a decision`;
  tellTime();
}

function decide(held_id, deed) {
  const { line } = waits.get(held_id);
  line.querySelector(".wrong").hidden = true;
  if (!room.socket.ready || !room.socket.send({ type: deed, held_id })) {
    showRefused({ held_id, reason: "unavailable" });
    return;
  }
  rest(held_id);
}

/** Sent: its buttons wait for the answer. */
function rest(held_id) {
  const line = waits.get(held_id)?.line;
  if (!line) return;
  for (const button of line.querySelectorAll("button")) button.disabled = true;
  setTimeout(() => {
    for (const button of line.querySelectorAll("button")) button.disabled = false;
  }, 8000);
}

const decline = new Decline({
  send: (frame) => room.socket.ready && room.socket.send(frame),
  failed: (held_id) => showRefused({ held_id, reason: "unavailable" }),
});

// How long people waited tonight, as a median: half of them waited less.
let waited = [];

function countWait({ held_id }) {
  const one = waits.get(held_id);
  if (one) showMedian([...waited, Math.max(0, Math.round((Date.now() - one.at) / 1000))]);
}

function showMedian(seconds) {
  waited = [...seconds].sort((a, b) => a - b);
  const middle = waited.length / 2;
  const median = waited.length % 2 ? waited[Math.floor(middle)] : (waited[middle - 1] + waited[middle]) / 2;
  byId("waits-median").hidden = waited.length === 0;
  byId("waits-median").textContent = waited.length ? `Tonight a message waited ${lasting(median)}, as a median` : "";
}

function showRefused({ held_id, reason, say }) {
  if (["no-such-message", "released", "declined"].includes(reason)) {
    settle(held_id);
    return;
  }
  const line = waits.get(held_id)?.line;
  if (!line) return;
  for (const button of line.querySelectorAll("button")) button.disabled = false;
  const wrong = line.querySelector(".wrong");
  wrong.textContent = say || "That didn’t go through. Please try again.";
  wrong.hidden = false;
}

function settle(held_id) {
  const one = waits.get(held_id);
  if (!one) return;
  const focused = one.line.contains(document.activeElement);
  one.line.remove();
  waits.delete(held_id);
  if (focused) (byId("waits").querySelector("button") ?? room.words).focus();
  tellTime();
}

function tellTime() {
  byId("waits-count").textContent = waits.size + calls.waiting.length;
  byId("waits-empty").hidden = waits.size > 0;
  byId("console").classList.toggle("has-waits", waits.size + calls.waiting.length > 0);
  byId("console").classList.toggle("has-calls", calls.waiting.length > 0);
  let longest = 0;
  for (const { line, at } of waits.values()) {
    const seconds = Math.max(0, (Date.now() - at) / 1000);
    longest = Math.max(longest, seconds);
    line.querySelector(".wait-time").textContent = `waits ${lasting(seconds)}`;
  }
  byId("waits-longest").textContent = waits.size ? lasting(longest) : "";
}
setInterval(tellTime, 1000);

// ── leading the evening ──────────────────────────────────────────────────────

const SHEETS = { end: "end-sheet", cancel: "cancel-sheet", pause: "pause-sheet" };
for (const button of byId("deeds").children) {
  const sheet = byId(SHEETS[button.dataset.deed] ?? "");
  button.addEventListener("click", () => (sheet ? sheet.showModal() : lead(button.dataset.deed)));
}
for (const [deed, id] of Object.entries(SHEETS)) {
  byId(id).addEventListener("close", () => {
    const more = deed === "pause" ? { words: byId("pause-text").value.trim() } : {};
    if (byId(id).returnValue === deed) lead(deed, more);
    byId(id).returnValue = "";
  });
}

function lead(deed, more = {}) {
  ask({ type: deed, ...more });
}

function ask(frame) {
  const went = Boolean(room.socket.ready && room.socket.send(frame));
  if (!went) sayRefused({ reason: "unavailable" });
  return went;
}

function sayRefused({ reason, say }) {
  const banner = byId("banner");
  const shut = reason === "not-ready" && "The doors can’t open yet: something on the list is still missing.";
  banner.textContent = shut || say || "That didn’t go through. Please try again.";
  banner.hidden = false;
  setTimeout(() => room.socket.ready && (banner.hidden = true), 6000);
}

// ── here: without an adult's page the room pauses itself ─────────────────────

every(HERE_SECONDS * 1000, () => room.socket?.ready && room.socket.send({ type: "here" }));
byId("practise").addEventListener("click", () => lead("practise"));

function showNeeds({ lacks, adults, on_call, canary }) {
  for (const line of byId("needs").children) {
    const met = lacks.includes(line.dataset.lack) ? "no" : "yes";
    if (line.dataset.met === met) continue;
    line.dataset.met = met;
    line.querySelector(".need-word").textContent = met === "yes" ? "yes: " : "not yet: ";
  }
  byId("need-adults").textContent = adults.length ? `(${adults.join(", ")})` : "";
  byId("need-on-call").textContent = on_call.length ? `(${on_call.join(", ")})` : "";
  const CANARY = { "not-sent": "(not sent yet)", sent: "(sent, waiting)", seen: "", late: "(nobody saw it in time)" };
  byId("need-canary").textContent = CANARY[canary];
  byId("deeds").querySelector("[data-deed=open]").disabled = lacks.length > 0;
}

const FEELINGS = { 5: "Fine", 4: "Mostly okay", 3: "Up and down", 2: "Not great", 1: "Really hard" };
const PLACES = { yes: "by themselves", mostly: "somebody might walk in", no: "not by themselves" };
const checkIns = new Map();

function showCheckIn(frame) {
  checkIns.set(frame.person_id, frame);
  const line = roster.find(frame.person_id);
  if (line) putCheckIn(line, frame);
}

function putCheckIn(line, frame) {
  line.querySelector(".check-in")?.remove();
  const words = document.createElement("span");
  words.className = "check-in";
  words.textContent = frame.joins ? `${FEELINGS[frame.feeling]} · ${PLACES[frame.alone]}` : "not tonight";
  if (frame.text) words.append(Object.assign(document.createElement("q"), { textContent: frame.text }));
  (line.querySelector(".person-name") ?? line).append(words);
}

// ── parts, on a small screen ─────────────────────────────────────────────────

const tabs = [...document.querySelectorAll(".tab")];
for (const tab of tabs) {
  tab.addEventListener("click", () => showPart(tab.dataset.part));
}

function showPart(part) {
  byId("console").dataset.part = part;
  for (const one of tabs) one.setAttribute("aria-pressed", String(one.dataset.part === part));
}
