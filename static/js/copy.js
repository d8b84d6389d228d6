// Shows the copy button beside an address, where the browser lets us copy.
export function start() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const address = document.getElementById(button.dataset.copy);
    const said = button.closest(".field").querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      address.select();
      await navigator.clipboard.writeText(address.value);
      said.textContent = button.dataset.done;
    });
  }
}
