/* Draws a laid-out tree as SVG: only what lies in view is in the page, so that ten thousand works weigh nothing. */
const SVG = "http://www.w3.org/2000/svg";
export const ROW = 52;
export const COLUMN = 236;
const BOX = { width: 196, height: 42 };
const LETTERS = { title: 25, by: 31 };

const short = (text, most) => {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
};

function make(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/* The words of a node: first line, second line, and what a reader hears. */
export function wordsOf(node, words) {
  const fill = (text, n) => text.replace("{n}", n.toLocaleString(document.documentElement.lang));
  if (node.kind === "more") return [fill(words.rest, node.left), "", fill(words.rest, node.left)];
  if (node.kind === "fold") return [fill(words.fold, node.left), "", fill(words.fold, node.left)];
  const { title, by, generation, gone, home, remixes } = node.work;
  const second = node.isHere ? words.you : gone ? words.gone : home ? by : words.elsewhere;
  const spoken = [title, by, generation, second === by ? "" : second, remixes ? fill(words.remixes, remixes) : ""];
  return [title, `${generation} · ${second}`, spoken.filter(Boolean).join(", ")];
}

function box(spot, words) {
  const { node, level } = spot;
  const [title, second, spoken] = wordsOf(node, words);
  const classes = ["tree-node", node.kind, node.isHere && "here", node.work && !node.work.home && "elsewhere"];
  const group = make("g", {
    class: classes.filter(Boolean).join(" "), id: `tree-${node.key}`, role: "treeitem",
    "aria-level": level, transform: `translate(${spot.x} ${spot.y})`, "data-rev": node.work?.rev ?? "0",
  });
  group.append(
    // The name: what is drawn is cut to fit, this is whole.
    make("title", {}, spoken),
    make("rect", { y: -BOX.height / 2, ...BOX, rx: 2 }),
    make("path", { class: "edge", d: `M2 ${-BOX.height / 2}v${BOX.height}` }),
    make("text", { x: 12, y: second ? -3 : 5, class: "title" }, short(title, LETTERS.title)),
  );
  if (second) group.append(make("text", { x: 12, y: 14 }, short(second, LETTERS.by)));
  if (spot.branch) {
    group.append(make("circle", { class: "knob", cx: BOX.width, r: 9 }), make("path", { class: "sign", d: "" }));
  }
  return group;
}

export class TreeDrawing {
  constructor(svg, words) {
    Object.assign(this, { svg, words, drawn: new Map() });
    this.lines = svg.appendChild(make("path", { class: "branches", "aria-hidden": "true" }));
  }

  /* `spots` are {node, x, y, level, parent, branch: "open" | "closed" | ""}; `view` is {x, y, width, height}. */
  draw(spots, view, active) {
    this.svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    const inView = ({ x, y }) =>
      x > view.x - COLUMN && x < view.x + view.width && y > view.y - ROW && y < view.y + view.height + ROW;
    const seen = new Set();
    for (const spot of spots) {
      if (!inView(spot) && spot.node !== active) continue;
      seen.add(spot.node.key);
      this.place(spot, spot.node === active);
    }
    for (const [key, group] of this.drawn) {
      if (seen.has(key)) continue;
      group.remove();
      this.drawn.delete(key);
    }
    this.lines.setAttribute("d", spots.filter((spot) => spot.parent && crosses(spot, view)).map(line).join(""));
    this.svg.setAttribute("aria-activedescendant", `tree-${active.key}`);
  }

  place(spot, isActive) {
    let group = this.drawn.get(spot.node.key);
    const state = `${spot.branch} ${spot.node.left}`;
    if (group?.dataset.drawn !== state) {
      const fresh = box(spot, this.words);
      fresh.dataset.drawn = state;
      if (group) group.replaceWith(fresh);
      else this.svg.append(fresh);
      group = fresh;
      this.drawn.set(spot.node.key, group);
    }
    group.setAttribute("transform", `translate(${spot.x} ${spot.y})`);
    group.classList.toggle("active", isActive);
    group.setAttribute("aria-selected", String(isActive));
    if (!spot.branch) return;
    group.setAttribute("aria-expanded", String(spot.branch === "open"));
    group.querySelector(".sign").setAttribute("d", `M${BOX.width - 4} 0h8${spot.branch === "open" ? "" : "m-4 -4v8"}`);
  }
}

const crosses = ({ y, parent }, view) =>
  Math.min(y, parent.y) < view.y + view.height && Math.max(y, parent.y) > view.y;

function line({ x, y, parent }) {
  const from = parent.x + BOX.width;
  const middle = (from + x) / 2;
  return `M${from} ${parent.y}H${middle}V${y}H${x}`;
}
