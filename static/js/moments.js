/* A moment named on the page, in a comment, a chapter, a transcript or by a pin, is a place in the page's player. */
const NEAR_MS = 2000;
const PLAYERS = "[data-player='audio'], [data-player='video']";

function send(player, ms, play) {
  player.dispatchEvent(new CustomEvent("house:seek", { detail: { ms, play } }));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-seek], .pin[data-at-ms]");
  const player = link && document.querySelector(PLAYERS);
  if (!player || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // A moment in words plays from there and stays where the reader is; a pin only goes to its comment.
  if (link.dataset.seek === undefined) {
    send(player, Number(link.dataset.atMs), false);
    return;
  }
  send(player, Number(link.dataset.seek), true);
  history.replaceState(history.state, "", link.hash);
  event.preventDefault();
});

document.addEventListener("house:moment", (event) => {
  const now = event.detail.ms;
  for (const pin of document.querySelectorAll(".pin[data-at-ms]")) {
    const from = Number(pin.dataset.atMs) - NEAR_MS;
    pin.classList.toggle("on", now > 0 && now > from && now < Number(pin.dataset.untilMs ?? pin.dataset.atMs) + NEAR_MS);
  }
});

/* An address with #t=79, or with a comment that has a moment, opens at that moment; nothing plays by itself. */
export function openAtFragment(player) {
  const moment = /^#t=(\d+)$/.exec(location.hash);
  const comment = /^#comment-\d+$/.test(location.hash) && document.querySelector(`${location.hash} [data-seek]`);
  if (moment) send(player, Number(moment[1]) * 1000, false);
  else if (comment) send(player, Number(comment.dataset.seek), false);
}

window.addEventListener("hashchange", () => {
  const player = document.querySelector(PLAYERS);
  if (player && location.hash.startsWith("#t=")) openAtFragment(player);
});
