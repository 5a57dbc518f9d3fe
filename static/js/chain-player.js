/* "Play the chain": the sounds and films of a list one after the other, each told once; a pause ends it. */
export function attach(box) {
  const button = box.querySelector("[data-chain-play]");
  const state = box.querySelector("[data-chain-state]");
  const steps = [...box.querySelectorAll("[data-step]")]
    .map((step) => ({ step, media: step.querySelector("audio, video") }))
    .filter(({ media }) => media);
  const playWords = button.textContent;
  let place = -1;
  // The pause that comes with going on, or with the end of a sound, is not the listener's.
  let going = false;

  function mark() {
    for (const [index, { step }] of steps.entries()) {
      if (index === place) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
    const playing = place >= 0;
    button.textContent = playing ? button.dataset.stop : playWords;
    button.setAttribute("aria-pressed", String(playing));
  }

  async function play(index) {
    place = index;
    mark();
    const { step, media } = steps[index];
    const words = { n: index + 1, all: steps.length, title: step.dataset.title };
    state.textContent = box.dataset.playing.replace(/\{(\w+)\}/g, (_all, name) => words[name]);
    step.scrollIntoView({ block: "nearest" });
    going = true;
    try {
      media.currentTime = 0;
      await media.play();
    } catch {
      next();
    }
    going = false;
  }

  function next() {
    if (place + 1 < steps.length) play(place + 1);
    else stop(box.dataset.over);
  }

  function stop(words = "") {
    const { media } = steps[place] ?? {};
    place = -1;
    mark();
    state.textContent = words;
    media?.pause();
  }

  for (const [index, { media }] of steps.entries()) {
    media.addEventListener("ended", () => index === place && next());
    media.addEventListener("pause", () => index === place && !going && !media.ended && stop());
    // Somebody who starts another step by hand goes on from there.
    media.addEventListener("play", () => {
      if (place < 0 || index === place) return;
      const before = steps[place].media;
      place = index;
      mark();
      before.pause();
    });
  }
  if (!steps.length) return;
  button.hidden = false;
  button.addEventListener("click", () => (place < 0 ? play(0) : stop()));
}
