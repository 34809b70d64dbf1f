// Ticks for `steady.js`.
addEventListener("message", ({ data }) => setInterval(() => postMessage(0), data));
