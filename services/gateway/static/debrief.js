// What is typed in a debrief is kept while it is typed, so that nothing is lost when the page goes away.
const form = document.getElementById("debrief");
const said = document.getElementById("kept");
const PAUSE = 1500; // milliseconds without a key
let timer;

async function keep() {
  const answer = await fetch(`${form.getAttribute("action")}/draft`, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    redirect: "manual",
  }).catch(() => null);
  const kept = answer?.ok && (await answer.json().catch(() => ({}))).kept;
  said.textContent = kept ? "Kept as you write." : "Not kept just now. Your words are still on this page.";
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
});
form?.addEventListener("submit", () => clearTimeout(timer));
