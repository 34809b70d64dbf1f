// Ways to read, chosen without leaving the room: seen at once, and kept on this device as the page /reading keeps them.
const byId = (id) => document.getElementById(id);
const sheet = byId("reading-sheet");
const form = byId("reading-form");
const AWAY = "It’s like this for now. We couldn’t keep it for next time, because the connection is away.";
let kept = Promise.resolve();

function show() {
  const ways = new FormData(form).getAll("reading").join(" ");
  if (ways) document.documentElement.dataset.reading = ways;
  else delete document.documentElement.dataset.reading;
  byId("words").dispatchEvent(new Event("input")); // the box fits its words anew
}

async function keep() {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  byId("reading-said").textContent = answer?.type === "opaqueredirect" ? "" : AWAY;
}

byId("reading-open").addEventListener("click", () => sheet.showModal());
sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", () => {
  show();
  kept = kept.then(keep); // one after another, so that the last choice is the one that stays
});
