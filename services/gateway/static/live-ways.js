// How the room is led just now: what that asks of the person at this screen, said above the box without alarm.

const byId = (id) => document.getElementById(id);

export class Ways {
  now = { revision: -1, slow_seconds: 0, hold_all: false, muted: [], order: [], show_writing: false };
  last = 0; // when this person last spoke, in milliseconds

  /** `room` is the page's LiveRoom. */
  constructor(room) {
    this.room = room;
    byId("pass").addEventListener("click", () => room.socket?.send({ type: "pass" }));
  }

  hear(frame) {
    if (frame.revision <= this.now.revision) return;
    this.now = frame;
    this.show();
    this.room.outbox.pump();
  }

  /** Something of this person's is on record, or with a facilitator. */
  spoke(at) {
    this.last = Math.max(this.last, new Date(at).getTime());
    this.spokeInTurn = this.turn === this.me;
    this.show();
  }

  get me() {
    return this.room.you.person_id;
  }

  get leads() {
    return this.room.you.speaker === "facilitator";
  }

  get turn() {
    return this.now.order[0];
  }

  /** Nothing can be sent now; what is written stays in the box. */
  get shut() {
    return !this.leads && (this.now.muted.includes(this.me) || Boolean(this.turn && this.turn !== this.me));
  }

  /** Seconds until this person may send again. */
  get rest() {
    if (this.leads || !this.now.slow_seconds) return 0;
    const left = Math.ceil(this.now.slow_seconds - (Date.now() - this.last) / 1000);
    return Math.min(Math.max(left, 0), this.now.slow_seconds);
  }

  get open() {
    return !this.shut && this.rest === 0;
  }

  show() {
    const live = ["live", "closing"].includes(this.room.state);
    this.say(live ? this.words() : "");
    const mine = live && !this.leads && this.turn === this.me && !this.now.muted.includes(this.me);
    byId("pass").hidden = !mine;
    byId("pass").textContent = this.spokeInTurn ? "That’s me done" : "Pass";
    if (!mine) this.spokeInTurn = false;
    byId("send").disabled = this.shut;
    this.room.writing.show();
    this.count();
  }

  words() {
    const { leaders } = this.room;
    if (this.leads) return "";
    if (this.now.muted.includes(this.me)) {
      return `For a little while you can read along but not send. What you write stays here. ${leaders} will open it again.`;
    }
    if (this.turn === this.me) return ["It’s your turn, when you like. You can also pass.", ...this.seen()].join(" ");
    if (this.turn) {
      const after = this.now.order.includes(this.me) ? "Yours is coming." : "There’s room for everybody after the round.";
      return `It’s ${this.nameOf(this.turn)}’s turn. ${after} What you write stays here.`;
    }
    const words = this.seen();
    if (this.now.hold_all) words.push(`${leaders} reads every message first just now, so they take a little longer.`);
    if (this.now.slow_seconds) words.push(`A slower pace for now: one message every ${lasts(this.now.slow_seconds)}.`);
    return words.join(" ");
  }

  /** Whoever is seen while they write is told so first. */
  seen() {
    return this.now.show_writing ? ["Others see who’s writing, never what."] : [];
  }

  nameOf(person_id) {
    return this.room.people?.find((one) => one.person_id === person_id)?.nickname ?? "Somebody";
  }

  /** Said once per change, so that a screen reader does not hear it again and again. */
  say(words) {
    const line = byId("way");
    if (line.textContent !== words) line.textContent = words;
  }

  /** Somebody tries to send and cannot: say again why. */
  remind() {
    byId("way").textContent = "";
    requestAnimationFrame(() => this.show());
  }

  /** Counts down where one rests between two messages; only seen, never read aloud each second. */
  count() {
    clearTimeout(this.timer);
    const left = ["live", "closing"].includes(this.room.state) && !this.shut ? this.rest : 0;
    byId("rest").textContent = left ? `You can send again in ${lasts(left)}` : "";
    if (left) {
      this.counted = true;
      this.timer = setTimeout(() => this.count(), 250);
    } else if (this.counted) {
      this.counted = false;
      this.room.outbox.pump();
    }
  }
}

function lasts(seconds) {
  if (seconds % 60 === 0) return seconds === 60 ? "minute" : `${seconds / 60} minutes`;
  return `${seconds} seconds`;
}
