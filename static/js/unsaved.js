// Warns before a changed form is left; sending it is not leaving.
export function start() {
  for (const form of document.querySelectorAll("form[method=post]")) {
    let changed = false;
    form.addEventListener("input", () => (changed = true));
    form.addEventListener("submit", () => (changed = false));
    addEventListener("beforeunload", (event) => changed && event.preventDefault());
  }
}
