// The desk by keyboard: j and k go through the list, Enter opens, c claims, r reads, q goes back, ? shows the keys.

const byId = (id) => document.getElementById(id);

export function listen(list) {
  const links = () => [...list.querySelectorAll(".alert-link")];
  const chosen = () => document.activeElement?.closest?.(".alert") ?? null;

  function step(by) {
    const all = links();
    if (!all.length) return false;
    const at = all.findIndex((link) => link === document.activeElement);
    const from = at >= 0 ? at : all.findIndex((link) => link.hasAttribute("aria-current"));
    all[from < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + by, 0), all.length - 1)].focus();
    return true;
  }

  /** The alert whose line has the keyboard, else the one whose page this is. */
  function claim() {
    const line = chosen();
    const own = document.querySelector("form[data-key=c]");
    if (!line) return own ? (own.requestSubmit(), true) : false;
    const form = byId("claim");
    form.action = `/queue/${encodeURIComponent(line.dataset.alert)}/claim`;
    form.submit();
    return true;
  }

  const deeds = {
    j: () => step(1),
    k: () => step(-1),
    c: claim,
    r: () => document.querySelector("form[data-key=r]")?.requestSubmit() ?? true,
    q: () => (location.assign("/queue"), true),
    "?": () => (byId("keys").showModal(), true),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
    if (event.target.closest("input, textarea, select")) return;
    if (Object.hasOwn(deeds, event.key) && deeds[event.key]()) event.preventDefault();
  });
}
