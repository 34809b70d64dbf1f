// Who is writing just now, where the adults have turned that on: a quiet line above the box, never what is written.

const EVERY = 3000; // milliseconds between two signs of one's own

const byId = (id) => document.getElementById(id);

export class Writing {
  people = [];
  last = 0; // when this screen last gave a sign

  /** `room` is the page's LiveRoom. */
  constructor(room) {
    this.room = room;
    room.words.addEventListener("input", () => this.tell());
  }

  /** Somebody is writing here; nothing is told while their words could not go. */
  tell() {
    const { room } = this;
    const shows = room.ways.now.show_writing && ["live", "closing"].includes(room.state) && !room.ways.shut;
    if (!shows || !room.socket?.ready || !room.words.value.trim() || Date.now() - this.last < EVERY) return;
    this.last = Date.now();
    room.socket.send({ type: "typing" });
  }

  hear(frame) {
    this.people = frame.people;
    this.show();
  }

  /** Off the line, nobody knows who writes. */
  forget() {
    this.hear({ people: [] });
  }

  /** While it is on, the line keeps its place, so that the page stays where it is. */
  show() {
    const line = byId("writing");
    const on = Boolean(this.room.ways.now.show_writing) && ["live", "closing"].includes(this.room.state);
    line.hidden = !on;
    line.textContent = on ? this.words() : "";
  }

  words() {
    const names = this.people.map((one) => this.room.ways.nameOf(one));
    if (names.length === 0) return "";
    if (names.length > 2) return "Several people are writing";
    return names.length === 2 ? `${names[0]} and ${names[1]} are writing` : `${names[0]} is writing`;
  }
}
