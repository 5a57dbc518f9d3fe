/* A and B: both play at once and one is heard, so that a switch falls on the same place without a gap.
   The louder one is turned down by what the server measured; nothing is turned up, so nothing clips. */
import { clock, spoken } from "./clock.js";

const DRIFT_S = 0.03;
const STEP_S = 5;

export function attach(section) {
  const sides = [...section.querySelectorAll("[data-side]")].map((element) => ({
    element,
    letter: element.dataset.side,
    audio: element.querySelector("audio"),
    wave: element.querySelector("[data-wave]"),
    length: Number(element.dataset.durationMs) / 1000,
  }));
  const play = section.querySelector(".play");
  const slider = section.querySelector("[data-position]");
  const state = section.querySelector("[data-state]");
  const playLabel = play.getAttribute("aria-label");
  const longest = Math.max(...sides.map((side) => side.length));
  let heard = sides[0];

  const now = () => heard.audio.currentTime;
  const playing = () => sides.some((side) => !side.audio.paused);

  function draw() {
    for (const side of sides) {
      const at = side.length ? Math.min(100, (side.audio.currentTime / side.length) * 100) : 0;
      side.wave?.style.setProperty("--at", `${at}%`);
    }
    section.querySelector("[data-now]").textContent = clock(now());
    slider.value = now();
    const words = (seconds) => spoken(seconds, section.dataset);
    slider.setAttribute("aria-valuetext", section.dataset.of.replace("{now}", words(now())).replace("{all}", words(longest)));
  }

  function seek(seconds) {
    for (const side of sides) side.audio.currentTime = Math.min(Math.max(seconds, 0), side.length);
    draw();
  }

  function hear(letter) {
    const place = now();
    heard = sides.find((side) => side.letter === letter);
    // Past the end of the shorter one there is nothing to hear; it begins again with the next move.
    if (Math.abs(heard.audio.currentTime - place) > DRIFT_S && place < heard.length) heard.audio.currentTime = place;
    for (const side of sides) {
      side.audio.muted = side !== heard;
      side.element.classList.toggle("heard", side === heard);
    }
    for (const button of section.querySelectorAll("[data-hear]")) {
      button.setAttribute("aria-pressed", String(button.dataset.hear === letter));
    }
    draw();
  }

  function toggle() {
    const stop = playing();
    for (const { audio } of sides) {
      if (stop) audio.pause();
      else audio.play().catch(trouble);
    }
  }

  function trouble(error) {
    if (error?.name === "AbortError") return;
    state.textContent = section.dataset.trouble;
    state.hidden = false;
  }

  function show() {
    play.setAttribute("aria-pressed", String(playing()));
    play.setAttribute("aria-label", playing() ? play.dataset.pauseLabel : playLabel);
    if (playing()) state.hidden = true;
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a")) return;
    const moves = { ArrowRight: now() + STEP_S, ArrowLeft: now() - STEP_S, Home: 0, End: longest };
    if (event.key.toLowerCase() === "x") hear(sides.find((side) => side !== heard).letter);
    else if (event.key === " " && !event.target.closest("button")) toggle();
    else if (event.key in moves && event.target === slider) seek(moves[event.key]);
    else return;
    event.preventDefault();
  }

  for (const { element, audio, wave, length } of sides) {
    audio.controls = false;
    audio.hidden = true;
    audio.volume = 10 ** (-Number(element.dataset.quieterX100) / 2000);
    for (const kind of ["timeupdate", "seeked", "loadedmetadata"]) audio.addEventListener(kind, draw);
    for (const kind of ["play", "pause", "ended"]) audio.addEventListener(kind, show);
    audio.querySelector("source:last-of-type")?.addEventListener("error", trouble);
    wave?.addEventListener("click", (event) => {
      const box = wave.getBoundingClientRect();
      seek(((event.clientX - box.left) / box.width) * length);
    });
  }
  slider.max = Math.floor(longest);
  section.querySelector("[data-all]").textContent = clock(longest);
  for (const controls of section.querySelectorAll("[data-controls]")) controls.hidden = false;
  play.addEventListener("click", toggle);
  slider.addEventListener("input", () => seek(Number(slider.value)));
  section.addEventListener("keydown", keys);
  for (const button of section.querySelectorAll("[data-hear]")) button.addEventListener("click", () => hear(button.dataset.hear));
  hear(heard.letter);
}
