// “I worry about …”: an adult's own words to the desk, without leaving the room.

const byId = (id) => document.getElementById(id);

/** A button on somebody's line of the roster. */
export function worryButton(person) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button-quiet button-small worry";
  button.textContent = "Worried";
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-label", `Worried about ${person.nickname}`);
  button.addEventListener("click", () => open(person));
  return button;
}

function open(person) {
  const sheet = byId("worry-sheet");
  byId("worry-title").textContent = `I worry about ${person.nickname}`;
  byId("worry-member").value = person.person_id;
  byId("worry-wrong").hidden = true;
  sheet.showModal();
}

async function tell(form) {
  const wrong = byId("worry-wrong");
  if (!byId("worry-words").value.trim()) {
    wrong.textContent = "Say in a few words what worries you.";
    wrong.hidden = false;
    byId("worry-words").focus();
    return;
  }
  byId("worry-send").disabled = true;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  byId("worry-send").disabled = false;
  if (answer?.type !== "opaqueredirect") {
    wrong.textContent = "That did not reach the desk. What you wrote is still here; try again.";
    wrong.hidden = false;
    return;
  }
  const name = byId("worry-title").textContent.replace("I worry about ", "");
  form.reset();
  byId("worry-sheet").close();
  byId("worry-said").textContent = `The desk knows that you worry about ${name}.`;
  byId("worry-said").hidden = false;
}

byId("worry-sheet")?.addEventListener("click", (event) => {
  if (event.target === byId("worry-sheet")) byId("worry-sheet").close();
});
byId("worry-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  tell(event.target);
});
