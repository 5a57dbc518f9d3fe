/* The whole tree of a family: opened branch by branch, moved and scaled by buttons, keys and pointer.
   A tree widget as WAI-ARIA describes it; beside it stands the same as a list. */
import { listen } from "./tree-hands.js";
import { TreeModel } from "./tree-model.js";
import { TreeDrawing, ROW, COLUMN } from "./tree-draw.js";

const SCALES = [0.5, 0.7, 1, 1.4, 2];
const MARGIN = 24; // left of the root, where nothing stands

export async function attach(box) {
  const svg = box.querySelector("svg");
  const state = box.querySelector("[data-state]");
  const words = box.dataset;
  const model = new TreeModel({ line: words.line, branch: words.branch });
  const drawing = new TreeDrawing(svg, words);
  const view = { x: 0, y: 0, scale: 2 };
  let spots = [];
  let active = null;
  const size = () => {
    const scale = SCALES[view.scale];
    return { x: view.x, y: view.y, width: svg.clientWidth / scale, height: svg.clientHeight / scale };
  };
  const spotOf = (node) => spots.find((spot) => spot.node === node);
  const draw = () => drawing.draw(spots, size(), active);
  const say = (text) => (state.textContent = text);

  function lay() {
    const root = layout.hierarchy(model.root, (node) => model.shown(node));
    layout.tree().nodeSize([ROW, COLUMN])(root);
    const places = new Map();
    spots = [];
    root.eachBefore((place) => {
      const node = place.data;
      const branch = node.kind === "work" && model.can(node) ? (node.open ? "open" : "closed") : "";
      const spot = { node, x: place.y, y: place.x, level: place.depth + 1, parent: places.get(place.parent), branch };
      places.set(place, spot);
      spots.push(spot);
    });
  }

  function show(node, { middle = false } = {}) {
    active = node;
    const { x, y } = spotOf(node);
    const seen = size();
    if (middle || x < seen.x || x + COLUMN > seen.x + seen.width) view.x = Math.max(x - Math.max(seen.width - COLUMN, 0) / 2, -MARGIN);
    if (middle || y < seen.y + ROW || y > seen.y + seen.height - ROW) view.y = y - seen.height / 2;
    draw();
  }

  async function open(node) {
    if (box.getAttribute("aria-busy") === "true") return;
    box.setAttribute("aria-busy", "true");
    try {
      const came = await model.open(node);
      lay();
      const ends = { more: node.parent?.children.at(-came), fold: node.children[0], work: node };
      show(ends[node.kind]);
      if (came) say(words.added.replace("{n}", came));
    } catch {
      say(words.trouble);
    }
    box.removeAttribute("aria-busy");
  }

  function close(node) {
    node.open = false;
    lay();
    show(node);
  }

  function step(by) {
    const next = spots[spots.findIndex((spot) => spot.node === active) + by];
    if (next) show(next.node);
  }

  function right() {
    if (active.kind !== "work") return open(active);
    if (!active.open) return model.can(active) && open(active);
    return model.shown(active).length && show(model.shown(active)[0]);
  }

  const left = () => (active.open && active.kind === "work" && model.shown(active).length ? close(active) : active.parent && show(active.parent));
  const go = () => (active.kind === "work" ? location.assign(active.work.url) : open(active));
  const zoom = (by) => {
    view.scale = Math.min(Math.max(view.scale + by, 0), SCALES.length - 1);
    show(active, { middle: true });
  };
  const pan = (x, y) => {
    Object.assign(view, { x: view.x + x, y: view.y + y });
    draw();
  };
  const turn = () => (active.open && active.kind === "work" ? close(active) : open(active));
  const does = {
    step, right, left, go, turn, zoom, pan: (x, y) => pan(x * COLUMN, y * ROW), first: () => show(model.root),
    last: () => show(spots.at(-1).node), here: () => show(model.here, { middle: true }),
    choose: (key, isKnob) => {
      const spot = spots.find(({ node }) => node.key === key);
      if (!spot) return;
      show(spot.node);
      if (isKnob || spot.node.kind !== "work") turn();
    },
    drag: (x, y) => pan(x / SCALES[view.scale], y / SCALES[view.scale]),
  };

  const layout = await import(box.dataset.layoutScript);
  try {
    active = await model.begin(Number(words.here));
  } catch {
    box.hidden = false;
    say(words.trouble);
    return;
  }
  active.isHere = true;
  box.hidden = false;
  lay();
  show(active, { middle: true });
  listen(box, svg, does);
  new ResizeObserver(draw).observe(svg);
  if (model.rest(active)) await open(active);
}
