/* Video: native controls, HLS fetched only after Play, keys, a lane, speed, and the same events as the audio player. */
import { clock } from "./clock.js";
import { evenLoudness } from "./even-loudness.js";
import { openAtFragment } from "./moments.js";
import { rememberCaptions, turnCaptions, watchKeys } from "./video-keys.js";
import { attachLane } from "./video-lane.js";
import { stream } from "./video-stream.js";

export function attach(player) {
  const video = player.querySelector("video");
  const start = player.querySelector("[data-start]");
  const controls = player.querySelector("[data-controls]");
  const state = player.querySelector("[data-state]");
  const captions = player.querySelector("[data-captions]");

  const announce = (kind) =>
    player.dispatchEvent(new CustomEvent(kind, { bubbles: true, detail: { ms: Math.round(video.currentTime * 1000) } }));

  function trouble(error) {
    if (error?.name === "AbortError") return;
    state.textContent = player.dataset.trouble;
    state.hidden = false;
  }

  async function begin() {
    const covered = !start.hidden;
    start.hidden = true;
    state.hidden = true;
    try {
      await stream(player, video);
    } catch {
      // No script for the stream: the progressive file plays.
    }
    await video.play().catch(trouble);
    // The button that was pressed is gone; whoever came from elsewhere on the page stays there.
    if (covered && [document.body, start].includes(document.activeElement)) video.focus();
  }

  function toggle() {
    if (video.paused) begin();
    else video.pause();
  }

  const length = () => (Number.isFinite(video.duration) ? video.duration : Number(player.dataset.durationMs) / 1000);

  function seek(seconds) {
    // Before Play only the picture at that place is fetched.
    if (video.preload === "none") video.preload = "metadata";
    video.currentTime = Math.min(Math.max(seconds, 0), length() || seconds);
    moved();
  }

  function moved() {
    for (const label of player.querySelectorAll("[data-now]")) label.textContent = clock(video.currentTime);
    announce("house:moment");
  }

  start.hidden = !video.paused;
  controls.hidden = false;
  evenLoudness(player, video);
  watchKeys(player, video, { toggle, seek, length });
  attachLane(player, video, seek);
  start.addEventListener("click", begin);
  video.addEventListener("play", () => {
    start.hidden = true;
    state.hidden = true;
  });
  video.addEventListener("timeupdate", moved);
  video.querySelector("source:last-of-type")?.addEventListener("error", () => {
    if (!player.dataset.hls) trouble();
  });
  controls.querySelector("[data-speed]").addEventListener("change", (event) => {
    video.playbackRate = Number(event.target.value);
  });
  captions?.addEventListener("click", () => turnCaptions(video, captions));
  if (captions) rememberCaptions(video, captions);
  controls.querySelector("[data-comment-at]")?.addEventListener("click", () => {
    video.pause();
    announce("house:comment");
  });
  player.addEventListener("house:seek", (event) => {
    seek(event.detail.ms / 1000);
    if (event.detail.play) begin();
  });
  openAtFragment(player);
}
