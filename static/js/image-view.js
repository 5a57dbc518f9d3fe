/* A picture to look into: it scrolls natively, so arrows and touch already work; this adds zoom and dragging. */
const STEP = 1.25;
const MOST = 8;

export function attach(viewer) {
  const port = viewer.querySelector("[data-viewport]");
  const picture = viewer.querySelector("[data-picture]");
  const said = viewer.querySelector("[data-said]");
  const whole = Number(picture.getAttribute("width"));
  const tall = Number(picture.getAttribute("height"));
  if (!whole) return;
  let scale = 1;
  let held = null;

  const fit = () => Math.min(port.clientWidth / whole, port.clientHeight / tall, 1);

  /* The point in the middle of what is seen stays there. */
  function zoom(wanted, x = port.clientWidth / 2, y = port.clientHeight / 2) {
    const next = Math.min(Math.max(wanted, fit()), MOST);
    const left = (port.scrollLeft + x) / scale;
    const top = (port.scrollTop + y) / scale;
    scale = next;
    picture.setAttribute("width", Math.round(whole * scale));
    picture.setAttribute("height", Math.round(tall * scale));
    port.scrollTo(left * scale - x, top * scale - y);
    said.textContent = viewer.dataset.words.replace("{percent}", Math.round(scale * 100));
    port.classList.toggle("loose", scale > fit());
  }

  const deeds = { in: () => zoom(scale * STEP), out: () => zoom(scale / STEP), fit: () => zoom(fit()), full: () => zoom(1) };
  viewer.addEventListener("click", (event) => deeds[event.target.closest("[data-zoom]")?.dataset.zoom]?.());
  viewer.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const deed = { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "full" }[event.key];
    if (!deed) return;
    event.preventDefault();
    deeds[deed]();
  });
  // Only with Ctrl, as for every page: a plain wheel goes on scrolling.
  port.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = port.getBoundingClientRect();
    zoom(event.deltaY < 0 ? scale * STEP : scale / STEP, event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  port.addEventListener("dblclick", () => zoom(scale < 1 ? 1 : fit()));
  port.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    held = { x: event.clientX + port.scrollLeft, y: event.clientY + port.scrollTop };
    port.setPointerCapture(event.pointerId);
  });
  port.addEventListener("pointermove", (event) => held && port.scrollTo(held.x - event.clientX, held.y - event.clientY));
  for (const kind of ["pointerup", "pointercancel"]) port.addEventListener(kind, () => (held = null));
  picture.addEventListener("dragstart", (event) => event.preventDefault());
  viewer.classList.add("alive");
  viewer.querySelector("[data-controls]").hidden = false;
  zoom(fit());
}
