/* HLS, fetched only after Play: hls.js light where Media Source is, the browser's own player where it is not,
   and the progressive file wherever neither works. */
export async function stream(player, video) {
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
