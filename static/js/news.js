// Asks every few seconds what others changed meanwhile, and shows it; nothing while the page is out of sight.
const EVERY = 4000;

export function start() {
  const place = document.querySelector("[data-news]");
  let seen = "";
  let touched = false;
  for (const kind of ["keydown", "pointerdown"]) {
    addEventListener(kind, () => { touched = true; }, { passive: true });
  }
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const headers = seen ? { "If-None-Match": seen } : {};
      // Without a hand at the page this must not keep the sign-in alive.
      if (!touched) headers["Convoca-Unattended"] = "1";
      touched = false;
      const answer = await fetch(place.dataset.news, { headers, cache: "no-store" });
      if (!answer.ok) return;
      seen = answer.headers.get("ETag") ?? "";
      const text = (await answer.text()).trim();
      if (text === place.dataset.shown) return;
      place.dataset.shown = text;
      const page = new DOMParser().parseFromString(text, "text/html");
      place.replaceChildren(...page.body.childNodes);
    } catch {
      // Away from the network: the next time will do.
    }
  }, EVERY);
}
