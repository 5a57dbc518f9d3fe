/* Single keys of the video player, while the focus is in it: the set that people know from other players. */
const STEP_S = 5;
const LEAP_S = 10;

const KEPT = "captions";

/* Captions are shown again to whoever had them shown; the browser's own button counts as well. */
export function rememberCaptions(video, button) {
  try {
    if (localStorage.getItem(KEPT) === "on") turnCaptions(video, button);
    video.textTracks.addEventListener("change", () => {
      const shown = [...video.textTracks].some((track) => track.mode === "showing");
      button?.setAttribute("aria-pressed", String(shown));
      localStorage.setItem(KEPT, shown ? "on" : "off");
    });
  } catch {
    // No storage: they begin hidden on each page.
  }
}

/* Whether captions are shown, turned over; the first track is taken when none was. */
export function turnCaptions(video, button) {
  const tracks = [...video.textTracks];
  if (!tracks.length) return;
  const shown = tracks.some((track) => track.mode === "showing");
  const last = tracks.find((track) => track.language === video.dataset.language) ?? tracks[0];
  for (const track of tracks) {
    if (track.mode === "showing") video.dataset.language = track.language;
    track.mode = "disabled";
  }
  if (!shown) last.mode = "showing";
  button?.setAttribute("aria-pressed", String(!shown));
}

function turnScreen(video) {
  if (document.fullscreenElement) document.exitFullscreen();
  else video.requestFullscreen?.().catch(() => {});
}

export function watchKeys(player, video, { toggle, seek, length }) {
  const frame = Number(player.dataset.frameMs || 40) / 1000;
  const captions = player.querySelector("[data-captions]");

  function step(by) {
    video.pause();
    seek(video.currentTime + by);
  }

  const deeds = {
    k: toggle, " ": toggle,
    j: () => seek(video.currentTime - LEAP_S), l: () => seek(video.currentTime + LEAP_S),
    ArrowLeft: () => seek(video.currentTime - STEP_S), ArrowRight: () => seek(video.currentTime + STEP_S),
    ",": () => step(-frame), ".": () => step(frame),
    m: () => (video.muted = !video.muted), f: () => turnScreen(video), c: () => turnCaptions(video, captions),
  };

  player.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, select")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === " " && event.target.closest("button, summary")) return;
    if (key.startsWith("Arrow") && event.target.matches("[data-position]")) return;
    const tenth = /^\d$/.test(key) && length() > 0;
    if (!tenth && !(key in deeds)) return;
    // The browser's own controls must not do it a second time.
    event.preventDefault();
    if (tenth) seek((length() * Number(key)) / 10);
    else deeds[key]();
  });
}
