// What of the queue is looked at: the address says it, as on the server (`desk_filters.py`).

const ORDER = ["state", "urgency", "evening"];

export class Filters {
  constructor(you) {
    this.you = you;
    const query = new URLSearchParams(location.pathname === "/queue" ? location.search : "");
    this.chosen = ORDER.filter((kind) => query.get(kind)).map((kind) => [kind, query.get(kind)]);
  }

  /** Whether an alert is among what is looked at. */
  shows(alert) {
    return this.chosen.every(([kind, value]) => this.is(alert, kind, value));
  }

  is(alert, kind, value) {
    if (kind === "urgency") return alert.urgency === value;
    if (kind === "evening") return alert.session_id === value;
    const states = {
      waiting: alert.state === "waiting",
      "in-hand": alert.state === "claimed",
      mine: alert.claimed_by === this.you,
      "for-me": alert.offered_to === this.you || alert.asked.includes(this.you),
    };
    return states[value] ?? true;
  }

  /** How many there are of each, beside each link. */
  count(alerts) {
    for (const link of document.querySelectorAll("[data-filter]")) {
      const [kind, value] = link.dataset.filter.split(":");
      const found = kind === "all" ? alerts : alerts.filter((alert) => this.is(alert, kind, value));
      const count = link.querySelector(".count");
      if (count.textContent !== String(found.length)) count.textContent = found.length;
    }
  }
}
