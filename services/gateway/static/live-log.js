// The log: one article per message, each number once, in order of number; what is not yet on record stands last.
const NEAR = 80; // pixels from the end that still count as reading the newest

export function badgeFor(person) {
  const name = person.speaker === "facilitator" ? "adult" : person.badge;
  const template = document.getElementById(`badge-${name}`) ?? document.getElementById("badge-pebble-sage");
  return template.content.cloneNode(true);
}

export function timeOf(at) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", timeZone: "Europe/London" });
}

export class Log {
  constructor(you) {
    this.you = you;
    this.frame = document.getElementById("log");
    this.list = document.getElementById("messages");
    this.newer = document.getElementById("newer");
    this.template = document.getElementById("message");
    this.byNumber = new Map();
    this.gone = new Map(); // number: the adult who took it back
    this.placed = () => {}; // hears of each article on record
    this.made = []; // each hears of an article and its message
    this.kept = []; // each hears of a message on record and its article
    this.emptied = []; // each hears of a number that was taken back
    this.own = new Map();
    this.newer.addEventListener("click", () => this.toEnd());
    this.frame.addEventListener("scroll", () => {
      if (this.atEnd) this.newer.hidden = true;
    });
    const sizes = new ResizeObserver(() => this.resized());
    sizes.observe(this.frame);
    sizes.observe(this.list);
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.frame;
    // A frame that has just become smaller counts as large as it was: nobody scrolled, and `resized` is still to come.
    const at = scrollHeight - scrollTop - Math.max(clientHeight, this.height ?? 0) < NEAR;
    this.wasAtEnd = at;
    return at;
  }

  resized() {
    this.height = this.frame.clientHeight;
    if (this.wasAtEnd) this.toEnd();
  }

  toEnd() {
    this.frame.scrollTop = this.frame.scrollHeight;
    this.newer.hidden = true;
    this.wasAtEnd = true;
  }

  /** Keep the newest in sight for somebody who reads along, and leave somebody alone who reads further up. */
  follow(change, mine, news = true) {
    const along = this.atEnd || mine;
    change();
    if (along) this.toEnd();
    else if (news) this.newer.hidden = false;
  }

  /** A message on record. True where it is new here. */
  put(message) {
    if (this.byNumber.has(message.number)) return false;
    const mine = message.person_id === this.you;
    this.follow(() => {
      const article = (mine && this.own.get(message.client_id)) || this.make(message, mine);
      if (mine) this.own.delete(message.client_id);
      this.settle(article, "");
      article.querySelector(".message-more").hidden = !this.more?.fits(message, mine);
      article.dataset.number = message.number;
      article.querySelector(".message-time").textContent = timeOf(message.at);
      this.byNumber.set(message.number, article);
      if (message.withdrawn_by) this.gone.set(message.number, message.withdrawn_by);
      if (this.gone.has(message.number)) this.empty(article, this.gone.get(message.number));
      const after = this.placeOf(message.number);
      if (article.parentNode !== this.list || next(article) !== after) this.list.insertBefore(article, after);
      this.placed(article);
      for (const heard of this.kept) heard(message, article);
      if (this.gone.has(message.number)) this.tellEmptied(message.number);
    }, mine);
    return true;
  }

  /** Every number in the log, in its order. */
  numbers() {
    return [...this.list.children].map((one) => Number(one.dataset.number)).filter(Boolean);
  }

  /** Bring a message into sight and to the keyboard. False where it is not in this log. */
  find(number) {
    const article = this.byNumber.get(number);
    if (!article) return false;
    article.tabIndex = -1;
    article.scrollIntoView({ block: "center" });
    article.focus({ preventScroll: true });
    return true;
  }

  /** An adult took it back: its place stays, its words go. */
  takeBack(number, name) {
    this.gone.set(number, name);
    const article = this.byNumber.get(number);
    if (article) this.empty(article, name);
    this.tellEmptied(number);
  }

  tellEmptied(number) {
    for (const heard of this.emptied) heard(number);
  }

  empty(article, name) {
    article.dataset.gone = "";
    const mine = article.classList.contains("message-own") ? " You’ve not done anything wrong." : "";
    article.querySelector(".message-text").textContent = `${name} took this message back for now.${mine}`;
    const more = article.querySelector(".message-more");
    if (more === document.activeElement) this.frame.focus();
    more.hidden = true;
  }

  /** The first that stands after this number: a higher number, or one that has none yet. */
  placeOf(number) {
    let after = null;
    for (const one of [...this.list.children].reverse()) {
      const its = one.dataset.number;
      if ("mark" in one.dataset) continue;
      if (its !== undefined && Number(its) < number) break;
      if (its === undefined || Number(its) > number) after = one;
    }
    return after;
  }

  /** One of my own that is not on record yet. */
  mine(you, item, words, state, retry) {
    let article = this.own.get(item.client_id);
    if (!article) {
      article = this.make({ ...you, text: item.text, in_reply_to: item.in_reply_to, at: item.at ?? new Date().toISOString() }, true);
      this.own.set(item.client_id, article);
    }
    this.follow(() => {
      if (!article.isConnected) this.list.append(article);
      this.settle(article, words, state, retry);
    }, !article.isConnected, false);
  }

  forget(client_id) {
    this.own.get(client_id)?.remove();
    this.own.delete(client_id);
  }

  settle(article, words, state = "", retry = undefined) {
    const line = article.querySelector(".message-state");
    article.dataset.state = state;
    line.hidden = !words;
    line.replaceChildren();
    if (!retry) {
      line.textContent = words;
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "try-again";
    button.textContent = words;
    button.addEventListener("click", retry);
    line.append(button);
  }

  make(message, mine) {
    const article = this.template.content.firstElementChild.cloneNode(true);
    const adult = message.speaker === "facilitator";
    article.classList.toggle("message-own", mine);
    article.classList.toggle("message-adult", adult);
    article.querySelector(".message-badge").append(badgeFor(message));
    article.querySelector(".message-name").textContent = mine ? `${message.nickname} (you)` : message.nickname;
    article.querySelector(".tag-adult").hidden = !adult;
    const time = article.querySelector(".message-time");
    time.textContent = timeOf(message.at);
    time.dateTime = message.at;
    article.querySelector(".message-text").textContent = message.text;
    const more = article.querySelector(".message-more");
    more.setAttribute("aria-label", `More about ${mine ? "your" : `${message.nickname}’s`} message`);
    more.addEventListener("click", () => this.more.show(article, message));
    for (const heard of this.made) heard(article, message);
    return article;
  }
}

/** The next message after this one; lines between messages are none. */
function next(article) {
  let after = article.nextElementSibling;
  while (after && "mark" in after.dataset) after = after.nextElementSibling;
  return after;
}
