// A message an adult gave back: their kind words, and one's own words one tap away. It stays until it is answered.
const byId = (id) => document.getElementById(id);

export class GivenBack {
  /** `over` keeps which were answered in this tab, so that none comes twice. */
  constructor(room, key) {
    Object.assign(this, { room, key, waiting: new Map() });
    this.over = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
  }

  hear(frame, text) {
    if (this.over.has(frame.held_id) || this.waiting.has(frame.held_id)) return;
    this.waiting.set(frame.held_id, { ...frame, text });
    this.show();
  }

  show() {
    const [one] = this.waiting.values();
    const note = byId("note");
    note.hidden = !one;
    if (!one) return;
    const who = one.name || this.room.leaders;
    const kind = one.words ? `${who} says: ${one.words}` : `${who} read it, and it stayed between you and the adults.`;
    const then = one.rephrase ? "It might need saying another way." : "You’ve not done anything wrong.";
    note.replaceChildren(paragraph(`${kind} ${then}`));
    if (one.rephrase && one.text) note.append(this.button(one, "Say it another way", () => this.again(one.text)));
    note.append(this.button(one, "Okay", () => {}));
  }

  /** Their words come back to the box, before whatever stands there. */
  again(text) {
    const there = this.room.words.value.trim();
    this.room.setWords(there ? `${text}\n${there}` : text);
  }

  button(one, words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button-quiet button-small";
    button.textContent = words;
    button.addEventListener("click", () => {
      this.done(one.held_id);
      act();
      this.room.words.focus();
    });
    return button;
  }

  done(held_id) {
    this.waiting.delete(held_id);
    this.over.add(held_id);
    sessionStorage.setItem(this.key, JSON.stringify([...this.over]));
    this.show();
  }
}

function paragraph(words) {
  return Object.assign(document.createElement("p"), { textContent: words });
}
