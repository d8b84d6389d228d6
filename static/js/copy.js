// Shows the copy button beside an address, where the browser lets us copy.
export function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.closest(".field").querySelector("[role=status]").textContent = button.dataset.done;
    });
  }
}
