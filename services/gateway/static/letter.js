// The button that prints the letter. A saved file is called after the page, so for that moment the page is called Letter.
const button = document.querySelector("[data-print]");
const title = document.title;

button.hidden = false;
button.addEventListener("click", () => window.print());
window.addEventListener("beforeprint", () => {
  document.title = "Letter";
});
window.addEventListener("afterprint", () => {
  document.title = title;
});
