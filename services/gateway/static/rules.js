// While a trial is under way, its part of the page is read again every second, and nothing else moves.
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function follow() {
  let part = document.getElementById("trial");
  while (part && part.dataset.running) {
    await wait(1000);
    if (document.hidden) continue;
    try {
      const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const read = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("trial");
      if (!read) return;
      if (!read.dataset.running) {
        location.reload();
        return;
      }
      part.replaceWith(read);
      part = read;
    } catch {
      await wait(2000);
    }
  }
}

follow();
