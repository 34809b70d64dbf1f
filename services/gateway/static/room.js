// The room, for a young person.
import { LiveRoom, fitScreen } from "./live-room.js";

fitScreen();
const room = new LiveRoom();
room.acknowledge();

const help = document.getElementById("help-now");
const sheet = document.getElementById("help-sheet");
help.setAttribute("role", "button");
help.setAttribute("aria-haspopup", "dialog");
help.addEventListener("click", (event) => {
  event.preventDefault();
  sheet.showModal();
});
help.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  sheet.showModal();
});
sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
