/* Short loops without a gap: the sound comes from a buffer, and the <audio> runs along muted and keeps the controls
   going. Longer works, other speeds and browsers without Web Audio loop as the element does. */
const LONGEST_S = 30;

export function gapless(audio, factor) {
  let context = null;
  let buffer = null;
  let source = null;
  let startedAt = 0;
  let from = 0;

  const wanted = () =>
    audio.loop && audio.playbackRate === 1 && audio.duration <= LONGEST_S && "AudioContext" in window;

  /* Opus says exactly where its sound begins and ends; AAC brings a little silence along. */
  function address() {
    const opus = audio.canPlayType("audio/webm; codecs=opus") && audio.querySelector("source[type='audio/webm']");
    return opus ? opus.src : audio.currentSrc;
  }

  async function load() {
    if (buffer) return;
    context ??= new AudioContext();
    const answer = await fetch(address());
    if (!answer.ok) throw new Error(answer.statusText);
    buffer = await context.decodeAudioData(await answer.arrayBuffer());
  }

  function start(at) {
    stop();
    const gain = context.createGain();
    gain.gain.value = factor();
    source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    source.connect(gain).connect(context.destination);
    startedAt = context.currentTime;
    from = at % buffer.duration;
    source.start(0, from);
    audio.muted = true;
    context.resume();
  }

  function stop() {
    source?.stop();
    source = null;
    audio.muted = false;
  }

  /* Where the ear is; null when the element itself is heard. */
  function place() {
    return source ? (from + context.currentTime - startedAt) % buffer.duration : null;
  }

  /* To be called whenever something changed: play, pause, loop, speed, and with a place after a seek. */
  async function follow(at = place() ?? audio.currentTime) {
    if (audio.paused || !wanted()) {
      if (source) audio.currentTime = at;
      stop();
      return;
    }
    try {
      await load();
    } catch {
      return; // The element loops, with its gap.
    }
    if (!audio.paused && wanted()) start(at);
  }

  return { follow, place };
}
