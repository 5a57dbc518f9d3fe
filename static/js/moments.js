/* A moment named on the page, in a comment or by a pin, is a place in the page's player. */
const NEAR_MS = 2000;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-seek], .pin[data-at-ms]");
  const player = link && document.querySelector("[data-player='audio'], [data-player='video']");
  if (!player) return;
  const ms = Number(link.dataset.seek ?? link.dataset.atMs);
  player.dispatchEvent(new CustomEvent("house:seek", { detail: { ms } }));
  // A moment in a comment only seeks; a pin also goes to its comment.
  if (link.dataset.seek !== undefined) event.preventDefault();
});

document.addEventListener("house:moment", (event) => {
  const now = event.detail.ms;
  for (const pin of document.querySelectorAll(".pin[data-at-ms]")) {
    pin.classList.toggle("on", now > 0 && Math.abs(Number(pin.dataset.atMs) - now) < NEAR_MS);
  }
});

/* An address with #t=79 opens at that moment. */
export function openAtFragment(player) {
  const moment = /^#t=(\d+)$/.exec(location.hash);
  if (moment) player.dispatchEvent(new CustomEvent("house:seek", { detail: { ms: Number(moment[1]) * 1000 } }));
}
