// Pages of the desk without the queue beside them: they listen on its line, and say when they have grown old.
import { LiveSocket } from "./live-socket.js";
import { showStands } from "./stands.js";

new LiveSocket(() => "/live/queue", {
  heard: (frame) => frame.type === "queue" && showStands(frame.stands),
  up: () => {},
  down: () => {},
});
