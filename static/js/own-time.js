// Adds the reader's own time after one of the meeting's, where it differs.
export function ownTime() {
  const pattern = document.body.dataset.ownTime;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const element of document.querySelectorAll("time[data-own]")) {
    const instant = new Date(element.dateTime);
    const there = clock(instant, element.dataset.own);
    const here = clock(instant, own);
    if (here === there) continue;
    const note = document.createElement("small");
    note.className = "own";
    note.textContent = ` ${pattern.replace("{time}", here)}`;
    (element.closest("th, p") ?? element).append(note);
  }
}

function clock(instant, timeZone) {
  const form = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", weekday: "short" };
  return instant.toLocaleTimeString(document.documentElement.lang, form);
}
