/* Video: native controls, HLS fetched only after Play, speed, and the same events as the audio player. */
import { clock } from "./clock.js";
import { openAtFragment } from "./moments.js";

async function stream(player, video) {
  const address = player.dataset.hls;
  if (!address || player.dataset.streaming !== undefined) return;
  player.dataset.streaming = "";
  // Safari plays HLS itself; where neither way is open the progressive file remains.
  if (video.canPlayType("application/vnd.apple.mpegurl") && !("MediaSource" in window)) {
    swap(video, address);
    return;
  }
  const { default: Hls } = await import(player.dataset.hlsScript);
  if (!Hls.isSupported()) return;
  const start = video.currentTime;
  const hls = new Hls({ workerPath: player.dataset.hlsWorker, capLevelToPlayerSize: true, startPosition: start || -1 });
  hls.on(Hls.Events.ERROR, (_event, data) => {
    if (!data.fatal) return;
    // Back to the progressive file at the same place: a broken stream must not end the film.
    const place = video.currentTime;
    hls.destroy();
    video.load();
    video.currentTime = place;
    video.play().catch(() => {});
  });
  hls.loadSource(address);
  hls.attachMedia(video);
}

function swap(video, address) {
  const place = video.currentTime;
  video.src = address;
  video.currentTime = place;
}

export function attach(player) {
  const video = player.querySelector("video");
  const start = player.querySelector("[data-start]");
  const controls = player.querySelector("[data-controls]");
  const state = player.querySelector("[data-state]");

  const announce = (kind) =>
    player.dispatchEvent(new CustomEvent(kind, { bubbles: true, detail: { ms: Math.round(video.currentTime * 1000) } }));

  function trouble(error) {
    if (error?.name === "AbortError") return;
    state.textContent = player.dataset.trouble;
    state.hidden = false;
  }

  async function begin() {
    start.hidden = true;
    state.hidden = true;
    try {
      await stream(player, video);
    } catch {
      // No script for the stream: the progressive file plays.
    }
    await video.play().catch(trouble);
    video.focus();
  }

  start.hidden = !video.paused;
  controls.hidden = false;
  start.addEventListener("click", begin);
  video.addEventListener("play", () => {
    start.hidden = true;
    state.hidden = true;
  });
  video.addEventListener("timeupdate", () => {
    for (const label of player.querySelectorAll("[data-now]")) label.textContent = clock(video.currentTime);
    announce("house:moment");
  });
  video.querySelector("source:last-of-type")?.addEventListener("error", () => {
    if (!player.dataset.hls) trouble();
  });
  controls.querySelector("[data-speed]").addEventListener("change", (event) => {
    video.playbackRate = Number(event.target.value);
  });
  controls.querySelector("[data-comment-at]")?.addEventListener("click", () => {
    video.pause();
    announce("house:comment");
  });
  player.addEventListener("house:seek", (event) => {
    video.currentTime = event.detail.ms / 1000;
    if (video.paused && start.hidden === false) begin();
  });
  openAtFragment(player);
}
