// The room, for a young person.
import { HelpNow, QuietReport } from "./live-help.js";
import { Together } from "./live-activity.js";
import { Reactions } from "./live-reactions.js";
import { LiveRoom, fitScreen } from "./live-room.js";
import { OwnWords } from "./live-own.js";
import { PrivateWords } from "./live-private.js";
import { MessageSheet } from "./live-sheet.js";

fitScreen();
const own = new OwnWords(document.getElementById("room").dataset, (words) => room.tell(words));
const together = new Together((frame) => room.socket.send(frame), own);
const room = new LiveRoom({
  moved: (state) => together.move(state),
  more(frame) {
    if (frame.type === "hello") help.send();
    if (frame.type === "activity") together.hear(frame);
    if (frame.type === "help") help.hear(frame);
    if (frame.type === "reactions") reactions.hear(frame);
    if (frame.type === "private") words.hear(frame);
    if (frame.type === "hello") words.sendAll();
    if (frame.type === "refused" && frame.client_id) words.refused(frame);
    if (frame.type === "thanked") report.thank();
    if (frame.type === "withdrawn") messages.forget(frame.number);
    if (frame.type === "refused" && frame.number) room.tell("That didn’t go through. Please try again.");
  },
});
const help = new HelpNow(room);
const report = new QuietReport(room);
const reactions = new Reactions(room);
const messages = new MessageSheet(room.log, [reactions.deed(), room.replies.deed(), report.deed()]);
const me = room.you.person_id;
const way = document.getElementById("private-open");
const words = new PrivateWords(room, me, (fresh) => {
  const count = words.unread.get(me);
  document.getElementById("private-new").textContent = count ? `${count} new` : "";
  if (count && fresh && room.loaded) room.tell(`${fresh.nickname} has written to you privately.`);
});
way.addEventListener("click", () => words.open(me, "A private word"));
room.acknowledge();
