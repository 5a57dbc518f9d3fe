/* A file that is dropped or chosen is sent at once, and the verdict takes its place below.
   Contract: form[data-verify] with [data-drop], [data-file] and its words in data attributes; #verdict beside it. */
import { watchDrop } from "./upload-drop.js";

export function attach(form) {
  const verdict = document.getElementById("verdict");
  const status = document.querySelector("[data-verify-status]");
  let latest = 0;

  async function ask(file) {
    const turn = ++latest;
    verdict.replaceChildren();
    if (file.size > Number(form.dataset.most)) {
      status.textContent = form.dataset.tooBig;
      return;
    }
    status.textContent = form.dataset.looking.replace("{name}", file.name);
    const body = new FormData();
    body.append("file", file);
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
    const words = await answer?.text().catch(() => null);
    // Somebody who has dropped another file meanwhile waits for that one.
    if (turn !== latest) return;
    if (!words || !answer.headers.get("Content-Type")?.startsWith("text/html")) {
      status.textContent = form.dataset.broken;
      return;
    }
    status.textContent = "";
    const made = new DOMParser().parseFromString(words, "text/html").body;
    verdict.replaceChildren(...[...made.childNodes].map((node) => document.adoptNode(node)));
    window.htmx?.process(verdict);
    verdict.dispatchEvent(new CustomEvent("house:arrived", { bubbles: true }));
    verdict.focus();
  }

  watchDrop(form.querySelector("[data-drop]"), form.querySelector("[data-file]"), (files) => {
    if (files.length) ask(files[0]);
  });
}
