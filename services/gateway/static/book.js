// Sends the words of a book without leaving the page, so that they stay in this tab, and only here, until they are kept.
// Nothing is stored on the device: others may look at the phone. Without this file the form is sent as any form is.
const form = document.querySelector("form[data-words]");
const said = form.querySelector("[data-unsent]");
const button = form.querySelector("button");
const AWAY = "That isn’t kept yet: we can’t be reached just now. Your words are still here. Try again in a moment.";
const OUT =
  "That isn’t kept yet, because you’re signed out. Your words are still here. Sign in again in another tab, then press the button once more.";
const WAIT = 15000; // milliseconds

function tell(words) {
  said.textContent = words;
  said.hidden = !words;
}

// A page that has been open for long may carry an old token; the one of a fresh copy of this page counts.
async function renew(signal) {
  const fresh = await fetch(window.location.href, { signal, redirect: "error" });
  const page = new DOMParser().parseFromString(await fresh.text(), "text/html");
  const token = page.querySelector("form[data-words] [name=csrf]");
  if (token) form.elements.csrf.value = token.value;
  return Boolean(token);
}

async function send() {
  const signal = AbortSignal.timeout(WAIT);
  const body = () => new URLSearchParams(new FormData(form));
  const post = () => fetch(form.action, { method: "POST", body: body(), signal });
  let answer = await post();
  if (answer.status === 403) {
    if (!(await renew(signal).catch(() => false))) return OUT;
    answer = await post();
  }
  if (answer.ok && answer.redirected) {
    if (new URL(answer.url).pathname.startsWith("/sign-in")) return OUT;
    form.reset();
    window.location.replace(answer.url);
    return "";
  }
  if (answer.status === 422) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("p.wrong")?.lastChild.textContent.trim() || AWAY;
  }
  return AWAY;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  tell("");
  const words = await send().catch(() => AWAY);
  tell(words);
  button.disabled = Boolean(!words);
});
