// Comfort only: every page works without these. A page fetches what it has a use for.
const comforts = {
  "button[data-copy]": () => import("./copy.js"),
  "table.grid": () => import("./grid-keys.js"),
  "time[data-own]": () => import("./own-time.js"),
  "[data-news]": () => import("./news.js"),
  "form[method=post] :is(input:not([type=hidden]), textarea, select)": () => import("./unsaved.js"),
};

for (const [selector, load] of Object.entries(comforts)) {
  if (document.querySelector(selector)) load().then((comfort) => comfort.start());
}
