/* Works are equally loud: the server measured each and says by how much to turn it up or down.
   Down goes by the element's own volume; up needs Web Audio, which is set up on Play and only then.
   The server's gain stops below the loudest moment, so nothing clips. */
const KEPT = "even-loudness";

function remembered() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // No storage: it holds for this page.
  }
}

/* Returns the factor now in force, for whoever plays the sound by another way. */
export function evenLoudness(player, media) {
  const button = player.querySelector("[data-even]");
  if (!button) return () => 1;
  const gain = 10 ** (Number(button.dataset.gainX100) / 2000);
  let on = remembered();
  let context = null;
  let node = null;
  const factor = () => (on ? gain : 1);

  function apply() {
    button.setAttribute("aria-pressed", String(on));
    if (node) node.gain.value = factor();
    else if (factor() <= 1) media.volume = factor();
  }

  function route() {
    // Some phones keep the volume to themselves; there the way down is Web Audio as well.
    const needed = factor() > 1 || Math.abs(media.volume - factor()) > 0.01;
    if (!node && needed && "AudioContext" in window) {
      context = new AudioContext();
      node = context.createGain();
      context.createMediaElementSource(media).connect(node).connect(context.destination);
      media.volume = 1;
    }
    apply();
    context?.resume();
  }

  media.addEventListener("play", route);
  button.addEventListener("click", () => {
    on = !on;
    remember(on);
    apply();
    if (!media.paused) route();
  });
  apply();
  return factor;
}
