/* Two pictures over one another, and two films that move together. Two sounds are in compare-audio.js. */
export function attach(section) {
  if (section.dataset.compare === "image") pictures(section);
  else films(section);
}

function pictures(section) {
  const both = section.querySelector("[data-both]");
  const slider = section.querySelector("[data-at]");
  const beside = section.querySelector("[data-beside]");

  function draw() {
    both.style.setProperty("--at", `${slider.value}%`);
    const words = section.dataset.words.replace("{a}", slider.value).replace("{b}", 100 - slider.value);
    slider.setAttribute("aria-valuetext", words);
  }

  function point(event) {
    const box = both.getBoundingClientRect();
    slider.value = ((event.clientX - box.left) / box.width) * 100;
    draw();
  }

  function lay(over) {
    both.classList.toggle("laid", over);
    beside.setAttribute("aria-pressed", String(!over));
    slider.disabled = !over;
  }

  slider.addEventListener("input", draw);
  beside.addEventListener("click", () => lay(!both.classList.contains("laid")));
  both.addEventListener("pointerdown", (event) => {
    if (!both.classList.contains("laid") || event.button !== 0) return;
    event.preventDefault();
    both.setPointerCapture(event.pointerId);
    point(event);
  });
  both.addEventListener("pointermove", (event) => both.hasPointerCapture(event.pointerId) && point(event));
  section.querySelector("[data-controls]").hidden = false;
  lay(true);
  draw();
}

function films(section) {
  const videos = [...section.querySelectorAll("video")];
  const play = section.querySelector("[data-play]");
  const linked = section.querySelector("[data-linked]");
  const hears = [...section.querySelectorAll("[data-hear]")];
  const state = section.querySelector("[data-state]");
  const playLabel = play.textContent;
  const APART_S = 0.15;

  const others = (video) => (linked.checked ? videos.filter((other) => other !== video) : []);

  function trouble(error) {
    if (error?.name === "AbortError") return;
    state.textContent = section.dataset.trouble;
    state.hidden = false;
  }

  function show() {
    const playing = videos.some((video) => !video.paused);
    play.setAttribute("aria-pressed", String(playing));
    play.textContent = playing ? play.dataset.pauseLabel : playLabel;
  }

  function hear(letter) {
    for (const video of videos) video.muted = video.closest("[data-side]").dataset.side !== letter;
    for (const button of hears) button.setAttribute("aria-pressed", String(button.dataset.hear === letter));
  }

  for (const video of videos) {
    video.addEventListener("play", () => {
      state.hidden = true;
      for (const other of others(video)) if (other.paused && !other.ended) other.play().catch(trouble);
      show();
    });
    video.addEventListener("pause", () => {
      // The end of the shorter film does not stop the longer one.
      if (!video.ended) for (const other of others(video)) other.pause();
      show();
    });
    video.addEventListener("seeking", () => {
      for (const other of others(video)) {
        if (Math.abs(other.currentTime - video.currentTime) > APART_S) other.currentTime = video.currentTime;
      }
    });
  }
  play.addEventListener("click", () => {
    const playing = videos.some((video) => !video.paused);
    for (const video of videos) {
      if (playing) video.pause();
      else video.play().catch(trouble);
    }
  });
  for (const button of hears) button.addEventListener("click", () => hear(button.dataset.hear));
  section.querySelector("[data-controls]").hidden = false;
  hear("A");
}
