// The queue, live: the whole list comes with each change, and each line is set right in place.
import { Clocks, saidClock } from "./live-clock.js";
import { LiveSocket } from "./live-socket.js";
import { call } from "./queue-calling.js";
import { Filters } from "./queue-filters.js";
import { listen } from "./queue-keys.js";
import { Lease } from "./queue-lease.js";
import { showStands } from "./stands.js";

const byId = (id) => document.getElementById(id);
const you = byId("here").dataset.you;
const filters = new Filters(you);
const lease = new Lease();
const list = byId("alerts");
const clocks = new Clocks();
let called = null; // what has been called out; nothing is for what was there when the page came
let known = new Set([...list.children].map((line) => line.dataset.alert));

function fill(line, alert) {
  const link = line.querySelector(".alert-link");
  line.className = `alert alert-${alert.urgency}`;
  line.dataset.alert = alert.alert_id;
  link.href = `/queue/${alert.alert_id}`;
  line.querySelector(".alert-mark").replaceChildren(byId(`urgency-${alert.urgency}`).content.cloneNode(true));
  line.querySelector(".alert-name").textContent = alert.nickname;
  line.querySelector(".alert-title").textContent = alert.title;
  line.querySelector(".alert-why").textContent = alert.why[0] || "Something in it needs an adult to look.";
  line.querySelector(".alert-held").hidden = !alert.held;
  const claim = line.querySelector(".alert-claim");
  claim.hidden = !alert.claimed_name;
  const closing = alert.closing && `${alert.closing.name} asks to close it: waits for a second person`;
  const offered = alert.offered_name ? `, offered to ${alert.offered_name}` : "";
  claim.textContent = closing || (alert.claimed_name ? `with ${alert.claimed_name}${offered}` : "");
  const more = line.querySelector(".alert-more");
  more.hidden = !alert.speaks_for;
  more.textContent = alert.speaks_for ? `and ${alert.speaks_for} more of theirs` : "";
  const forYou = line.querySelector(".alert-for-you");
  forYou.hidden = alert.offered_to !== you && !alert.asked.includes(you);
  forYou.textContent = alert.offered_to === you ? "offered to you" : "your opinion is asked";
  const clock = line.querySelector(".alert-clock");
  clock.hidden = Boolean(alert.claimed_name);
  clock.dataset.due = alert.due_at;
  return line;
}

function show(frame) {
  const lines = new Map([...list.children].map((line) => [line.dataset.alert, line]));
  const focused = document.activeElement?.closest(".alert");
  const shown = frame.alerts.filter((alert) => filters.shows(alert));
  shown.forEach((alert, place) => {
    const line = fill(lines.get(alert.alert_id) ?? byId("alert-item").content.firstElementChild.cloneNode(true), alert);
    lines.delete(alert.alert_id);
    if (list.children[place] !== line) list.insertBefore(line, list.children[place] ?? null);
  });
  for (const line of lines.values()) line.remove();
  focused?.querySelector(".alert-link").focus();
  byId("count-waiting").textContent = frame.waiting;
  byId("count-resolved").textContent = frame.resolved_today;
  if (byId("calm")) byId("calm").hidden = frame.alerts.length > 0;
  byId("hints").hidden = shown.length === 0;
  if (byId("none-shown")) byId("none-shown").hidden = shown.length > 0 || frame.alerts.length === 0;
  filters.count(frame.alerts);
  showTonight(frame);
  announce(frame.alerts, frame.canaries);
  notice(frame.alerts, frame.at);
  clocks.set(frame.at);
  showStands(frame.stands);
}

/** Practice alerts and who is on call; only the queue's own page has them. */
function showTonight({ canaries, on_call }) {
  if (!byId("tonight")) return;
  const shown = new Map([...byId("canaries").children].map((form) => [form.dataset.canary, form]));
  for (const { canary_id, title } of canaries) {
    if (shown.delete(canary_id)) continue;
    const form = byId("canary-form").content.firstElementChild.cloneNode(true);
    form.dataset.canary = canary_id;
    form.action = `/queue/canary/${encodeURIComponent(canary_id)}`;
    form.querySelector(".canary-title").textContent = title;
    byId("canaries").append(form);
    byId("said").textContent = `Practice alert: ${title}`;
  }
  for (const form of shown.values()) form.remove();
  const mine = on_call.some((one) => one.staff_id === byId("tonight").dataset.you);
  byId("on-call-yes").hidden = mine;
  byId("on-call-no").hidden = !mine;
  byId("on-call").textContent = on_call.length
    ? `On call: ${on_call.map((one) => `${one.name} until ${saidClock(one.until)}`).join(", ")}`
    : "Nobody is on call. No room can open.";
}

/** What is new: said to a screen reader, and called out where somebody switched that on. */
function announce(alerts, canaries) {
  const waits = (alert) => alert.state === "waiting" || alert.offered_to === you || alert.asked.includes(you);
  const waiting = [...alerts.filter(waits), ...canaries].map((one) => one.alert_id ?? one.canary_id);
  if (called && waiting.some((id) => !called.has(id))) call();
  called = new Set(waiting);
  const fresh = alerts.filter((alert) => !known.has(alert.alert_id));
  known = new Set(alerts.map((alert) => alert.alert_id));
  if (!fresh.length) return;
  byId("said").textContent = `${fresh.length} new: ${fresh.map((one) => `${one.urgency}, ${one.nickname}`).join("; ")}`;
}

/** On the page of one alert: say so when somebody else has changed it, and keep its lease in sight. */
function notice(alerts, at) {
  const page = document.querySelector("[data-shown]");
  if (!page) return;
  const now = alerts.find((alert) => alert.alert_id === page.dataset.shown);
  const stands = now ? [now.claimed_by, now.offered_to, now.speaks_for, now.asked.join(" ")].join(" ") : "";
  byId("changed").hidden = stands === page.dataset.stands || (!now && page.dataset.gone === "yes");
  lease.until(now?.lease_until, at);
}

new LiveSocket(() => "/live/queue", {
  heard: (frame) => frame.type === "queue" && show(frame),
  up: () => (byId("banner").hidden = true),
  down: (code, final) => {
    byId("banner").textContent =
      code === 4401
        ? "You’ve been signed out. Load the page to sign in again."
        : final
          ? "This list is not yours to see any more."
          : "The connection is lost. This list may be old; we’re trying again.";
    byId("banner").hidden = false;
  },
});

// ── keys ─────────────────────────────────────────────────────────────────────

byId("hints").hidden = !list.children.length;
listen(list);
