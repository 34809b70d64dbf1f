// Looks now and then whether the room is open to this person again, or somebody has answered their call for help.
const EVERY = 10_000; // milliseconds

async function look() {
  const found = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
  if (found?.ok) {
    const page = new DOMParser().parseFromString(await found.text(), "text/html");
    const still = page.getElementById("stepped-out");
    if (!still || still.dataset.answered !== document.getElementById("stepped-out").dataset.answered) {
      location.reload();
      return;
    }
  }
  setTimeout(look, EVERY);
}
setTimeout(look, EVERY);
