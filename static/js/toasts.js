/* Messages in the polite live region. They stay until dismissed when they are errors, otherwise ten seconds. */
const STAY_MS = 10_000;

function dress(toast, region) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", region.dataset.dismiss);
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
  if (toast.classList.contains("error")) return;
  let timer = setTimeout(() => toast.remove(), STAY_MS);
  for (const kind of ["pointerenter", "focusin"]) toast.addEventListener(kind, () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => toast.remove(), STAY_MS)));
}

export function say(text, kind = "") {
  const region = document.getElementById("toasts");
  if (!region) return;
  const toast = document.createElement("p");
  toast.className = `toast ${kind}`.trim();
  toast.textContent = text;
  region.append(toast);
  dress(toast, region);
}

export function watchToasts() {
  const region = document.getElementById("toasts");
  if (!region) return;
  const waiting = [...region.children];
  // A live region announces what is added to it, not what it was born with.
  region.replaceChildren();
  requestAnimationFrame(() => {
    for (const toast of waiting) {
      region.append(toast);
      dress(toast, region);
    }
  });
}
