/* Keys, buttons and pointer of the drawn tree, handed on as what is to be done. */
const STEPS = 4;
const NEAR_PX = 4;

export function listen(box, svg, does) {
  const keys = {
    ArrowDown: () => does.step(1), ArrowUp: () => does.step(-1), ArrowRight: does.right, ArrowLeft: does.left,
    Home: does.first, End: does.last, Enter: does.go, " ": does.turn,
    "+": () => does.zoom(1), "=": () => does.zoom(1), "-": () => does.zoom(-1),
  };
  const shifted = {
    ArrowDown: () => does.pan(0, STEPS), ArrowUp: () => does.pan(0, -STEPS),
    ArrowRight: () => does.pan(1, 0), ArrowLeft: () => does.pan(-1, 0),
  };
  const buttons = {
    in: () => does.zoom(1), out: () => does.zoom(-1), here: does.here, up: shifted.ArrowUp, down: shifted.ArrowDown,
    left: shifted.ArrowLeft, right: shifted.ArrowRight,
  };

  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = (event.shiftKey && shifted[event.key]) || keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  box.addEventListener("click", (event) => buttons[event.target.closest("[data-move]")?.dataset.move]?.());

  let from = null;
  let moved = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = event;
    moved = false;
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = [from.clientX - event.clientX, from.clientY - event.clientY];
    if (!moved && Math.hypot(x, y) < NEAR_PX) return;
    if (!moved) svg.setPointerCapture(event.pointerId);
    moved = true;
    does.drag(x, y);
    from = event;
  });
  for (const kind of ["pointerup", "pointercancel"]) svg.addEventListener(kind, () => (from = null));
  svg.addEventListener("click", (event) => {
    const group = event.target.closest(".tree-node");
    if (group && !moved) does.choose(group.id.replace("tree-", ""), Boolean(event.target.closest(".knob, .sign")));
  });
  svg.addEventListener("dblclick", (event) => event.target.closest(".tree-node.work") && does.go());
}
