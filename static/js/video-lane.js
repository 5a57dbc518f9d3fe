/* The lane under a video: one slider to move with, chapters told, and a small picture of the place under the pointer
   or the focus, out of the storyboard, which is fetched when it is first wanted. */
import { clock, spoken } from "./clock.js";

const CUE = /(?:(\d+):)?(\d+):(\d+)\.(\d+) --> [^\n]*\n[^\n]*#xywh=(\d+),(\d+),(\d+),(\d+)/g;

async function board(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return [...(await answer.text()).matchAll(CUE)].map(([, hours = 0, minutes, seconds, thousandths, ...box]) => ({
    from: (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds) + Number(thousandths) / 1000,
    box,
  }));
}

export function attachLane(player, video, seek) {
  const lane = player.querySelector("[data-lane]");
  if (!lane) return;
  const slider = lane.querySelector("[data-position]");
  const peek = lane.querySelector("[data-peek]");
  const marks = [...player.querySelectorAll("[data-chapter]")].map((mark) => ({
    from: Number(mark.dataset.chapter) / 1000,
    title: mark.dataset.title,
  }));
  const all = Number(player.dataset.durationMs) / 1000;
  let tiles = null;

  const chapter = (seconds) => marks.findLast((mark) => mark.from <= seconds)?.title ?? "";

  function draw() {
    const now = video.currentTime;
    slider.value = now;
    lane.style.setProperty("--at", `${all ? Math.min(100, (now / all) * 100) : 0}%`);
    const words = player.dataset.of.replace("{now}", spoken(now, player.dataset)).replace("{all}", spoken(all, player.dataset));
    slider.setAttribute("aria-valuetext", [words, chapter(now)].filter(Boolean).join(", "));
  }

  async function show(seconds) {
    if (!peek) return;
    tiles ??= board(lane.dataset.board).catch(() => []);
    const tile = (await tiles).findLast((one) => one.from <= seconds);
    if (!tile || lane.dataset.peeking === undefined) return;
    const [x, y, width, height] = tile.box;
    peek.querySelector("[data-peek-words]").textContent = [clock(seconds), chapter(seconds)].filter(Boolean).join(" ");
    const svg = peek.querySelector("svg");
    svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    svg.querySelector("image").setAttribute("href", lane.dataset.boardImage);
    lane.style.setProperty("--peek", `${all ? (seconds / all) * 100 : 0}%`);
    peek.hidden = false;
  }

  function begin(seconds) {
    lane.dataset.peeking = "";
    show(seconds);
  }

  function end() {
    delete lane.dataset.peeking;
    if (peek) peek.hidden = true;
  }

  lane.hidden = false;
  slider.addEventListener("input", () => {
    seek(Number(slider.value));
    begin(Number(slider.value));
  });
  slider.addEventListener("pointermove", (event) => {
    const box = slider.getBoundingClientRect();
    begin(Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * all);
  });
  slider.addEventListener("pointerleave", end);
  slider.addEventListener("focus", () => slider.matches(":focus-visible") && begin(video.currentTime));
  slider.addEventListener("blur", end);
  slider.addEventListener("keydown", (event) => event.key === "Escape" && end());
  // The player tells of every move, also of one that is made before anything of the film has been fetched.
  player.addEventListener("house:moment", draw);
  for (const kind of ["seeking", "loadedmetadata"]) video.addEventListener(kind, draw);
  draw();
}
