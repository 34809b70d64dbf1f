// Leaves at once: by the Exit button, or by pressing Shift three times. Without this file the button is a plain link.
const button = document.getElementById("exit");
const QUICK = 1500; // milliseconds for three presses
let presses = [];

// Has to outlive this page. Firefox before 133 can do that with a beacon only.
function signOut() {
  if ("keepalive" in Request.prototype) {
    fetch("/exit", { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  } else {
    navigator.sendBeacon("/exit");
  }
}

function leave() {
  document.documentElement.classList.add("gone");
  sessionStorage.clear();
  signOut();
  window.location.replace(button.dataset.leave);
}

// Signing out leaves nothing behind in this tab, either.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/sign-out") sessionStorage.clear();
});

if (button) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    if (event.repeat) return;
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < QUICK);
    if (presses.length === 3) leave();
  });
}
