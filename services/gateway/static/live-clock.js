// Time in words: how long something lasts, and a clock that counts down to when it is due and then up.

export function lasting(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  const hours = Math.floor(whole / 3600);
  return hours < 48 ? `${hours} h ${Math.floor((whole % 3600) / 60)} min` : `${Math.floor(hours / 24)} days`;
}

export class Clocks {
  offset = 0; // milliseconds by which this machine's clock is behind the server's

  constructor() {
    setInterval(() => this.tick(), 1000);
    this.tick();
  }

  set(serverTime) {
    this.offset = new Date(serverTime) - Date.now();
    this.tick();
  }

  tick() {
    for (const clock of document.querySelectorAll("[data-due]")) {
      const left = (new Date(clock.dataset.due) - Date.now() - this.offset) / 1000;
      clock.textContent = left >= 0 ? `${lasting(left)} left` : `over by ${lasting(-left)}`;
      clock.classList.toggle("clock-over", left < 0);
    }
  }
}

/** A moment on the clock in London as people say it: 7pm, 7.30pm. */
export function saidClock(moment) {
  const parts = { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" };
  const { hour, minute, dayPeriod } = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", parts).formatToParts(new Date(moment)).map((part) => [part.type, part.value]),
  );
  return `${Number(hour) || 12}${minute === "00" ? "" : `.${minute}`}${dayPeriod}`;
}
