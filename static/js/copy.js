/* Copies a text and says so in the live region; the button's own words stay. */
import { say } from "./toasts.js";

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

export function attach(button) {
  const source = button.dataset.copyFrom ? document.querySelector(button.dataset.copyFrom) : null;
  button.addEventListener("click", async () => {
    const text = source ? (source.value ?? source.innerText) : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
      say(button.dataset.copied ?? document.getElementById("toasts")?.dataset.copied ?? "✓");
    } catch {
      // Without the permission the text is at least selected, one key press from copied.
      if (source) select(source);
    }
  });
}
