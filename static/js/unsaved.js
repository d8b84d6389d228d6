// Warns before a changed form is left; sending it is not leaving.
export function warnUnsaved() {
  for (const form of document.querySelectorAll("form[method=post]")) {
    const fields = form.querySelectorAll("input:not([type=hidden]), textarea, select");
    if (fields.length === 0) continue;
    let changed = false;
    form.addEventListener("input", () => (changed = true));
    form.addEventListener("submit", () => (changed = false));
    addEventListener("beforeunload", (event) => changed && event.preventDefault());
  }
}
