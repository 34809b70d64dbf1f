// Takes contact details off the screen when their time is up.

const contents = document.getElementById("contents");
const left = Date.parse(contents.dataset.until) - Date.now();

function over() {
  contents.textContent = "";
  contents.hidden = true;
  document.getElementById("over").hidden = false;
}

setTimeout(over, Math.max(0, left));
window.addEventListener("pagehide", over);
