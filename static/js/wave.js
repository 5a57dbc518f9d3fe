/* A press on the waveform goes there, and a drag goes along; pins keep their own presses. */
export function dragged(wave, seek, length) {
  let dragging = false;
  const point = (event) => {
    const box = wave.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * length());
  };
  wave.addEventListener("pointerdown", (event) => {
    if (event.target.closest(".pin") || event.button !== 0) return;
    dragging = true;
    wave.setPointerCapture(event.pointerId);
    point(event);
  });
  wave.addEventListener("pointermove", (event) => dragging && point(event));
  for (const kind of ["pointerup", "pointercancel"]) wave.addEventListener(kind, () => (dragging = false));
}
