// What was really on this screen: told to the room in runs of neighbouring messages, at most every two seconds.
const EVERY = 2000; // milliseconds

export class Seen {
  /** `send(frame)` is the socket's and says whether it went. */
  constructor(log, send) {
    Object.assign(this, { log, send, inView: new Set(), seen: new Set(), fresh: new Set() });
    const looks = (entries) => entries.forEach((entry) => this.look(entry.target, entry.isIntersecting));
    this.observer = new IntersectionObserver(looks, { root: log.frame, rootMargin: "-8px 0px" });
    log.placed = (article) => this.observer.observe(article);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.tell() : this.lookAgain()));
    window.addEventListener("pagehide", () => this.tell());
    setInterval(() => this.tell(), EVERY);
  }

  look(article, visible) {
    if (visible) this.inView.add(article);
    else this.inView.delete(article);
    if (visible && !document.hidden) this.note(article);
  }

  lookAgain() {
    for (const article of this.inView) this.note(article);
  }

  note(article) {
    const number = Number(article.dataset.number);
    if (!number || this.seen.has(number) || "gone" in article.dataset) return;
    this.seen.add(number);
    this.fresh.add(number);
    this.log.read?.(number);
  }

  /** The line was down, and what was told last may not have arrived: tell it all once more. */
  again() {
    this.fresh = new Set(this.seen);
  }

  tell() {
    if (!this.fresh.size) return;
    let run = [];
    for (const number of [...this.log.numbers(), undefined]) {
      if (this.seen.has(number)) {
        run.push(number);
        continue;
      }
      this.tellRun(run);
      run = [];
    }
  }

  /** From the neighbour before the first new one, so that the record can join what stands side by side. */
  tellRun(run) {
    const first = run.findIndex((number) => this.fresh.has(number));
    if (first < 0) return;
    const upto = run.findLast((number) => this.fresh.has(number));
    if (!this.send({ type: "seen", first: run[Math.max(0, first - 1)], upto })) return;
    for (const number of run) this.fresh.delete(number);
  }
}
