/* The waveform player: native <audio> underneath, one seek slider for the keyboard, pins that are links.
   Events for others: "house:moment" on the section with {ms} whenever the place changes. */
import { clock, spoken } from "./clock.js";
import { evenLoudness } from "./even-loudness.js";
import { gapless } from "./gapless.js";
import { openAtFragment } from "./moments.js";
import { dragged } from "./wave.js";

const STEP_S = 5;
const LEAP_S = 15;

export function attach(player) {
  const audio = player.querySelector("audio");
  const controls = player.querySelector("[data-controls]");
  const play = controls.querySelector(".play");
  const slider = controls.querySelector("[data-position]");
  const wave = player.querySelector("[data-wave]");
  const state = player.querySelector("[data-state]");
  const playLabel = play.getAttribute("aria-label");
  const loop = gapless(audio, evenLoudness(player, audio));

  const length = () => (Number.isFinite(audio.duration) ? audio.duration : Number(player.dataset.durationMs) / 1000);
  const place = () => loop.place() ?? audio.currentTime;
  const announce = (kind) =>
    player.dispatchEvent(new CustomEvent(kind, { bubbles: true, detail: { ms: Math.round(place() * 1000) } }));

  function draw() {
    const now = place();
    const all = length();
    for (const label of player.querySelectorAll("[data-now]")) label.textContent = clock(now);
    player.querySelector("[data-all]").textContent = clock(all);
    slider.max = Math.floor(all);
    slider.value = now;
    const words = (seconds) => spoken(seconds, player.dataset);
    slider.setAttribute("aria-valuetext", player.dataset.of.replace("{now}", words(now)).replace("{all}", words(all)));
    // Setting a property from script is allowed where a style attribute is not.
    wave?.style.setProperty("--at", `${all ? Math.min(100, (now / all) * 100) : 0}%`);
    announce("house:moment");
  }

  function seek(seconds) {
    const at = Math.min(Math.max(seconds, 0), length() || 0);
    audio.currentTime = at;
    if (loop.place() !== null) loop.follow(at);
    draw();
  }

  function toggle() {
    if (audio.paused) audio.play().catch(trouble);
    else audio.pause();
  }

  function trouble(error) {
    if (error?.name === "AbortError") return;
    state.textContent = player.dataset.trouble;
    state.hidden = false;
  }

  function show() {
    const playing = !audio.paused;
    play.setAttribute("aria-pressed", String(playing));
    play.setAttribute("aria-label", playing ? play.dataset.pauseLabel : playLabel);
    if (playing) state.hidden = true;
    loop.follow();
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, select")) return;
    const now = place();
    const moves = {
      ArrowRight: now + STEP_S, ArrowUp: now + STEP_S, ArrowLeft: now - STEP_S, ArrowDown: now - STEP_S,
      PageUp: now + LEAP_S, PageDown: now - LEAP_S, Home: 0, End: length(),
    };
    if ((event.key === " " && !event.target.closest("button, summary")) || event.key === "k") toggle();
    else if (event.key in moves && event.target === slider) seek(moves[event.key]);
    else return;
    event.preventDefault();
  }

  audio.controls = false;
  audio.hidden = true;
  controls.hidden = false;
  play.addEventListener("click", toggle);
  slider.addEventListener("input", () => seek(Number(slider.value)));
  player.addEventListener("keydown", keys);
  player.addEventListener("house:seek", (event) => {
    seek(event.detail.ms / 1000);
    if (event.detail.play) audio.play().catch(trouble);
  });
  controls.querySelector("[data-loop]")?.addEventListener("click", (event) => {
    audio.loop = !audio.loop;
    event.currentTarget.setAttribute("aria-pressed", String(audio.loop));
    loop.follow();
  });
  controls.querySelector("[data-speed]")?.addEventListener("change", (event) => {
    audio.playbackRate = Number(event.target.value);
    loop.follow();
  });
  controls.querySelector("[data-comment-at]")?.addEventListener("click", () => {
    announce("house:comment");
    audio.pause();
  });
  for (const kind of ["timeupdate", "loadedmetadata", "durationchange", "seeked"]) audio.addEventListener(kind, draw);
  for (const kind of ["play", "pause", "ended"]) audio.addEventListener(kind, show);
  for (const heard of [audio, audio.querySelector("source:last-of-type")]) heard?.addEventListener("error", trouble);

  if (wave) dragged(wave, seek, length);
  draw();
  if (audio.readyState > 0) openAtFragment(player);
  else audio.addEventListener("loadedmetadata", () => openAtFragment(player), { once: true });
}
