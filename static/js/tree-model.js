/* The drawn tree's own picture of a family: what is known of it, and what is asked of the server branch by branch.
   A node stands for a work, for the "+n" at the end of a branch, or for generations folded in the middle of a line. */
const ask = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

export class TreeModel {
  /* `addresses` holds {line, branch}, with 0 for the number of the work. */
  constructor(addresses) {
    this.addresses = addresses;
    this.nodes = new Map();
  }

  address(kind, id) {
    return this.addresses[kind].replace("/0/", `/${id}/`);
  }

  /* The line from the origin to the work, with what is folded between. Returns the work's node. */
  async begin(id) {
    const found = await ask(this.address("line", id));
    const line = [found.here, ...found.works];
    const ends = line.at(-1).id === found.origin.id;
    this.root = this.work(ends ? line.pop() : found.origin, null);
    const stem = found.left && !ends ? this.fold(this.root, line.at(-1).id, found.left) : this.root;
    this.hang(stem, line);
    this.here = this.nodes.get(id);
    return this.here;
  }

  /* Works nearest first, each the child of the one after it. */
  hang(stem, line) {
    let parent = stem;
    for (const work of line.toReversed()) {
      const node = this.work(work, parent);
      parent.children.push(node);
      parent.open = true;
      parent = node;
    }
    return parent;
  }

  work(work, parent) {
    const node = { key: String(work.id), kind: "work", work, parent, children: [], after: 0, open: false };
    // A remix that hangs on a nearer source is a leaf here and opens there, once.
    if (work.home) this.nodes.set(work.id, node);
    else Object.assign(node, { key: `${parent.key}-${work.id}`, after: null });
    return node;
  }

  fold(parent, below, left) {
    const node = { key: `fold-${below}`, kind: "fold", parent, children: [], left, below, open: true };
    parent.children.push(node);
    parent.open = true;
    return node;
  }

  /* How many remixes of a work have not been asked for; `after` is null when the last page has come. */
  rest(node) {
    return node.kind === "work" && node.after !== null ? Math.max(0, node.work.remixes - node.children.length) : 0;
  }

  can(node) {
    return node.kind !== "work" || node.children.length > 0 || this.rest(node) > 0;
  }

  /* Opens a branch, or brings more of it, or unfolds a piece of the line. Returns how many works came. */
  async open(node) {
    if (node.kind === "fold") return this.unfold(node);
    if (node.kind === "more") return this.fetch(node.parent);
    node.open = true;
    return node.after === 0 && this.rest(node) ? this.fetch(node) : 0;
  }

  async fetch(stem) {
    const found = await ask(`${this.address("branch", stem.work.id)}?after=${stem.after}`);
    const known = new Set(stem.children.map((child) => child.work?.id));
    const fresh = found.works.filter((work) => !known.has(work.id));
    stem.children.push(...fresh.map((work) => this.work(work, stem)));
    Object.assign(stem, { after: found.after, open: true });
    return fresh.length;
  }

  async unfold(node) {
    const found = await ask(this.address("line", node.below));
    const line = found.works.filter((work) => work.id !== found.origin.id);
    const [lower] = node.children;
    const parent = node.parent;
    parent.children = parent.children.filter((child) => child !== node);
    const stem = found.left ? this.fold(parent, line.at(-1).id, found.left) : parent;
    const last = this.hang(stem, line);
    last.children.push(lower);
    last.open = true;
    lower.parent = last;
    return line.length;
  }

  /* What is drawn below a node, "+n" at the end. */
  shown(node) {
    if (!node.open) return [];
    const rest = this.rest(node);
    if (!rest) return node.children;
    node.more ??= { key: `more-${node.key}`, kind: "more", parent: node, children: [], open: false };
    node.more.left = rest;
    return [...node.children, node.more];
  }
}
