// Adds the reader's own time after one of the meeting's, where it differs; the day only where that differs too.
export function start() {
  const pattern = document.body.dataset.ownTime;
  for (const element of document.querySelectorAll("time[data-own]")) {
    const instant = new Date(element.dateTime);
    const [there, here] = [clock(instant, element.dataset.own), clock(instant)];
    if (here.time === there.time && here.day === there.day) continue;
    const own = here.day === there.day ? here.time : `${here.day} ${here.time}`;
    const note = document.createElement("small");
    note.className = "own";
    note.textContent = ` ${pattern.replace("{time}", own)}`;
    (element.closest("th, p") ?? element).append(note);
  }
}

// Without a zone: the reader's.
function clock(instant, timeZone) {
  const lang = document.documentElement.lang;
  return {
    time: instant.toLocaleTimeString(lang, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    day: instant.toLocaleDateString(lang, { timeZone, weekday: "short" }),
  };
}
