// What came of a poll or a scale, as a picture that is words as well: how many chose what, never who.
const SVG = "http://www.w3.org/2000/svg";

function drawn(name, attributes, ...inside) {
  const part = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
  part.append(...inside);
  return part;
}

function element(name, className, ...inside) {
  const part = document.createElement(name);
  part.className = className;
  part.append(...inside);
  return part;
}

/** A list with a bar for each choice, or five columns; null where nothing is chosen. */
export function picture(activity, mine = null) {
  if (!activity.tallies.length) return null;
  const total = activity.tallies.reduce((sum, one) => sum + one, 0);
  const shown = activity.kind === "scale" ? columns(activity, mine) : bars(activity, total, mine);
  const count = total === 1 ? "1 answer" : `${total} answers`;
  return element("div", "picture", shown, element("p", "picture-count soft", count));
}

function bars({ options, tallies }, total, mine) {
  const lines = options.map((option, n) => {
    const share = total ? Math.round((tallies[n] / total) * 100) : 0;
    const bar = drawn("svg", { class: "bar", width: "100%", height: "12", "aria-hidden": "true", focusable: "false" },
      drawn("rect", { class: "bar-ground", width: "100%", height: "12", rx: "6" }),
      drawn("rect", { class: "bar-part", width: `${share}%`, height: "12", rx: "6" }));
    const name = element("span", "bar-name", option, ...(n === mine ? [element("span", "soft", " (you)")] : []));
    return element("li", "bar-line", name, element("span", "bar-count", String(tallies[n])), bar);
  });
  return element("ul", "bars", ...lines);
}

function columns({ tallies, low, high }, mine) {
  const most = Math.max(1, ...tallies);
  const parts = tallies.flatMap((count, n) => {
    const tall = (count / most) * 70;
    const middle = 30 + n * 60;
    const number = drawn("text", { class: "column-name", x: middle, y: 112, "text-anchor": "middle" }, String(n + 1));
    const above = drawn("text", { class: "column-count", x: middle, y: 82 - tall, "text-anchor": "middle" }, String(count));
    const bar = drawn("rect", {
      class: n === mine ? "bar-part bar-mine" : "bar-part", x: middle - 20, y: 90 - tall, width: 40, height: Math.max(tall, 2), rx: 4,
    });
    return [bar, number, ...(count ? [above] : [])];
  });
  const words = tallies.map((count, n) => `${n + 1}: ${count}`).join(", ");
  const ends = `from 1, ${low || "low"}, to 5, ${high || "high"}`;
  const svg = drawn("svg", { class: "columns", viewBox: "0 0 300 118", role: "img", "aria-label": `How many chose each, ${ends}. ${words}` }, ...parts);
  return element("div", "scale-picture", svg, element("p", "scale-ends", element("span", "", low), element("span", "", high)));
}
