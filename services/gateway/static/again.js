// Loads the page again when a part of it didn't arrive, as when a phone changes networks. Loaded first, and by itself.
(() => {
  const KEY = "page-tries";
  const TRIES = 4; // reloads in a row, or looks for what is missing, until we ask
  const LONGEST = 15_000; // milliseconds between two looks whether the part can be had
  let failed = false;

  function tried() {
    try {
      return Number(sessionStorage.getItem(KEY)) || 0;
    } catch {
      return TRIES; // no memory here: wait to be asked
    }
  }

  function remember(count) {
    try {
      if (count) sessionStorage.setItem(KEY, String(count));
      else sessionStorage.removeItem(KEY);
    } catch {
      // no memory here, and so no reload of its own either
    }
  }

  async function mend(address) {
    for (let pause = 300 * 2 ** tried(), looks = 1; ; pause = Math.min(pause * 2, LONGEST), looks++) {
      await new Promise((later) => setTimeout(later, pause));
      if (await fetch(address, { cache: "reload" }).catch(() => null)) break;
      if (looks === TRIES) ask();
    }
    remember(tried() + 1);
    location.reload();
  }

  function ask() {
    const words = document.createElement("p");
    const button = document.createElement("button");
    words.className = "note";
    words.setAttribute("role", "alert");
    words.append("A part of this page didn’t arrive. ", button);
    button.type = "button";
    button.textContent = "Load it again";
    button.addEventListener("click", () => location.reload());
    document.getElementById("main").prepend(words);
  }

  document.addEventListener(
    "error",
    (event) => {
      const address = event.target.src || event.target.href;
      if (failed || !address || !["SCRIPT", "LINK"].includes(event.target.tagName)) return;
      failed = true;
      if (tried() < TRIES) mend(address);
      else addEventListener("load", ask);
    },
    true,
  );
  addEventListener("load", () => {
    if (!failed) remember(0);
  });
})();
