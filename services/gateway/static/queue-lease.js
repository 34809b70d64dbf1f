// Whoever is at work here keeps what they have: told now and then while they do something. Shortly before an alert would
// go back to the queue, its page says so.

const byId = (id) => document.getElementById(id);
const EVERY = 60000; // milliseconds between two signs of work
const WARN = 120; // seconds before it goes back

export class Lease {
  told = Date.now();
  offset = 0; // milliseconds by which this machine's clock is behind the server's

  constructor() {
    for (const kind of ["keydown", "pointerdown", "pointermove", "scroll", "input"]) {
      document.addEventListener(kind, () => this.work(), { passive: true });
    }
    byId("stay")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tell();
    });
    setInterval(() => this.warn(), 1000);
    this.end = byId("lease")?.dataset.until;
  }

  work() {
    if (document.hidden || Date.now() - this.told < EVERY) return;
    this.tell();
  }

  async tell() {
    this.told = Date.now();
    const form = byId("here");
    try {
      await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    } catch {
      this.told = 0; // the next movement tells it again
    }
  }

  /** Until when it stays in hand, as the queue says. */
  until(moment, serverTime) {
    this.end = moment ?? "";
    this.offset = new Date(serverTime) - Date.now();
  }

  warn() {
    const box = byId("lease");
    if (!box) return;
    const left = this.end ? (new Date(this.end) - Date.now() - this.offset) / 1000 : Infinity;
    const soon = left < WARN;
    if (soon === box.classList.contains("note-look")) return;
    box.classList.toggle("note-look", soon);
    if (soon) byId("lease-words").textContent = "Still there? In two minutes it goes back to the queue.";
    else if (byId("lease-words")) byId("lease-words").textContent = "It stays with you while you’re at work here.";
    box.setAttribute("role", soon ? "alert" : "group");
  }
}
