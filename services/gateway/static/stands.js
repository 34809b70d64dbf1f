// Says so where a colleague has changed what a page shows: each such line knows of what it speaks, and how that stood when
// the page was made.

export function showStands(stands = {}) {
  for (const line of document.querySelectorAll("[data-of]")) {
    const { of, stood } = line.dataset;
    const now = stands[of] ?? (of.startsWith("case:") ? "" : stood); // a case that is closed has no sign
    if (now !== stood) line.hidden = false;
  }
}
