/* The entry: finds what a page asks for by data attributes and loads only the modules it needs.
   Every page works without any of them. */
import { watchTimes } from "./local-time.js";
import { watchForms } from "./forms.js";
import { watchTheme } from "./theme.js";
import { watchToasts } from "./toasts.js";

/* The addresses stand in whole import() calls so that the static storage can hash them. */
const BEHAVIOURS = [
  ["[data-player='audio']", () => import("./player-audio.js")],
  ["[data-player='video']", () => import("./player-video.js")],
  ["[data-viewer]", () => import("./image-view.js")],
  ["[data-compare='audio']", () => import("./compare-audio.js")],
  ["[data-compare='image'], [data-compare='video']", () => import("./compare.js")],
  ["[data-timed-comment]", () => import("./timed-comment.js")],
  ["[data-verify]", () => import("./verify-drop.js")],
  ["[data-upload-tray]", () => import("./upload-tray.js")],
  ["[data-autosave]", () => import("./autosave.js")],
  ["[data-answer-early]", () => import("./answer-early.js")],
  ["[data-confirm-leave]", () => import("./confirm-leave.js")],
  ["[data-copy], [data-copy-from]", () => import("./copy.js")],
  ["[data-word-count]", () => import("./word-count.js")],
  ["[data-tree]", () => import("./tree-view.js")],
  ["[data-chain]", () => import("./chain-player.js")],
  ["[data-more]", () => import("./more.js")],
];

async function start(root) {
  watchTimes(root);
  for (const [selector, load] of BEHAVIOURS) {
    const found = [...root.querySelectorAll(selector)].filter((element) => !element.dataset.alive);
    if (!found.length) continue;
    const behaviour = await load();
    for (const element of found) {
      if (element.dataset.alive) continue;
      element.dataset.alive = "";
      behaviour.attach(element);
    }
  }
}

watchForms();
watchTheme();
watchToasts();
start(document);

/* Parts that htmx or more.js bring in get the same care. */
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt.parentElement ?? event.detail.elt);
});
document.addEventListener("house:arrived", (event) => start(event.target));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false; // it is nothing without scripts
  button.addEventListener("click", () => window.print());
}
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
