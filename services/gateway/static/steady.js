// A tick that goes on while a page is in the background. Browsers slow a hidden page's own timers to one a minute, and a
// room whose adults read an alert in another tab must not pause for that; a worker's timers they leave alone.
export function every(milliseconds, tick) {
  const timer = setInterval(tick, milliseconds); // until the worker is there, or instead of it
  const worker = new Worker(new URL("./steady-worker.js", import.meta.url));
  let ticks = 0;
  worker.addEventListener("message", () => {
    if (!ticks++) clearInterval(timer);
    tick();
  });
  worker.postMessage(milliseconds);
}
