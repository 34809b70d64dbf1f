// Lines between messages: the day, and where what you have not read yet begins.
const DAY = { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/London" };

export class Marks {
  /** `key` is where this tab keeps how far somebody has read. */
  constructor(log, key) {
    Object.assign(this, { log, key, days: new Set() });
    this.read = Number(sessionStorage.getItem(key) ?? 0);
    this.fresh = mark("New messages", "mark-new");
    log.kept.push((message, article) => this.see(message, article));
    document.addEventListener("visibilitychange", () => document.hidden && this.fresh.remove());
  }

  see(message, article) {
    const mine = article.classList.contains("message-own");
    this.day(message, article);
    const unread = document.hidden || (this.read > 0 && message.number > this.read && !this.caughtUp);
    if (unread && !mine && !this.fresh.isConnected) article.before(this.fresh);
    if (mine && !document.hidden && this.caughtUp) this.fresh.remove();
  }

  /** History is here: what comes from now on is simply said. */
  arrive() {
    this.caughtUp = true;
  }

  keep(number) {
    if (number <= this.read) return;
    this.read = number;
    sessionStorage.setItem(this.key, String(number));
  }

  day(message, article) {
    const day = new Date(message.at).toLocaleDateString("en-GB", DAY);
    if (this.days.has(day)) return;
    this.days.add(day);
    article.before(mark(day, "mark-day"));
  }
}

function mark(words, kind) {
  const line = document.createElement("p");
  line.className = `mark-line-between ${kind}`;
  line.dataset.mark = "";
  line.setAttribute("aria-live", "off");
  line.append(Object.assign(document.createElement("span"), { textContent: words }));
  return line;
}
