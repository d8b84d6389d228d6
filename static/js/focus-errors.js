// A page that came back with errors begins at their summary, also for a screen reader.
export function start() {
  document.querySelector(".summary[tabindex]").focus();
}
