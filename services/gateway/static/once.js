// A form goes once: a second press while the next page is on its way sends nothing more. A form whose answer is a file, or
// that was lost on the way, can go again a moment later.

const PAUSE = 4000; // milliseconds
let sent = new WeakMap();

addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  if (Date.now() - (sent.get(event.target) ?? 0) < PAUSE) event.preventDefault();
  else sent.set(event.target, Date.now());
});
addEventListener("pageshow", () => (sent = new WeakMap())); // the page is back, as it was left
