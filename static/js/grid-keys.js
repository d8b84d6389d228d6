// The placing grid as one tab stop: arrow keys move among its cells, Esc leaves it for the panel beside.
const STEP = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function start() {
  const grid = document.querySelector("table.grid");
  const rows = [...grid.querySelectorAll("tbody tr")].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.querySelector("a, button")),
  );
  const cells = rows.flat().filter(Boolean);
  if (cells.length === 0) return;

  const hold = (cell) => {
    for (const each of cells) each.tabIndex = each === cell ? 0 : -1;
  };
  hold(grid.querySelector(".here a") ?? grid.querySelector(".free button") ?? cells[0]);

  grid.addEventListener("focusin", (event) => cells.includes(event.target) && hold(event.target));
  grid.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return leave();
    const step = STEP[event.key];
    const next = step && neighbour(rows, event.target, step);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

function leave() {
  const outside = document.querySelector(".panel :is(a, button)") ?? document.getElementById("main");
  outside.focus();
}

// The next cell in that direction that can be pressed; others are passed over.
function neighbour(rows, from, [down, right]) {
  let y = rows.findIndex((row) => row.includes(from));
  let x = rows[y]?.indexOf(from) ?? -1;
  do {
    y += down;
    x += right;
  } while (rows[y] && x >= 0 && x < rows[y].length && !rows[y][x]);
  return rows[y]?.[x];
}
