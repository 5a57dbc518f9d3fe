/* The upload tray: several files at once over tus, resumed after a lost network, a reload or a night.
   The page's contract stands in templates/parts/_upload_row.html; tus-js-client is the global `tus`. */
import { forget, keep, kept, keyOf } from "./upload-keep.js";
import { options, reason } from "./upload-protocol.js";
import { Row } from "./upload-row.js";
import { watchDrop } from "./upload-drop.js";

const AT_ONCE = 2;

export function attach(form) {
  const tray = form.querySelector("[data-tray]");
  const template = form.querySelector("template[data-row]");
  const drop = form.querySelector("[data-drop]") ?? form;
  const input = form.querySelector("[data-files]");
  const status = form.querySelector("[data-tray-status]");
  /* A tray that begins fresh leaves alone what another page of the site still has to deliver. */
  const fresh = "fresh" in form.dataset;
  const waiting = [];
  const running = new Set();
  const stopped = new Set();

  async function finish(upload, row, file) {
    row.arrive();
    forget(file);
    status.textContent = template.dataset.announce.replace("{name}", file.name);
    const id = new URL(upload.url, location.href).pathname.split("/").filter(Boolean).pop();
    const answer = await fetch(form.dataset.finished.replace("{id}", encodeURIComponent(id)), { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    if (!made) return;
    row.element.replaceWith(document.adoptNode(made));
    window.htmx?.process(made);
    made.dispatchEvent(new CustomEvent("house:arrived", { bubbles: true }));
  }

  function next() {
    while (running.size < AT_ONCE && waiting.length) begin(waiting.shift());
  }

  async function begin(item) {
    const { file, row } = item;
    running.add(item);
    stopped.delete(item);
    let began = performance.now();
    let from = null;
    item.upload = new window.tus.Upload(file, {
      ...options(form, file),
      onProgress: (done, all) => {
        if (from === null) [from, began] = [done, performance.now()];
        row.move(done, all, began, from);
      },
      onSuccess: () => {
        running.delete(item);
        finish(item.upload, row, file);
        next();
      },
      onError: (error) => {
        const { text, again } = reason(error, template.dataset);
        running.delete(item);
        if (again) stopped.add(item);
        else forget(file);
        row.fail(text, again);
        next();
      },
    });
    const earlier = await item.upload.findPreviousUploads();
    if (item.gone) return;
    if (earlier.length) item.upload.resumeFromPreviousUpload(earlier[0]);
    item.upload.start();
  }

  function again(item) {
    if (!stopped.delete(item)) return;
    item.row.wait(item.file);
    waiting.push(item);
    next();
  }

  function remove(item) {
    item.gone = true;
    waiting.splice(0, waiting.length, ...waiting.filter((other) => other !== item));
    running.delete(item);
    stopped.delete(item);
    item.upload?.abort(true).catch(() => {});
    forget(item.file);
    item.row.element.remove();
    input.focus();
    next();
  }

  async function add(file) {
    if ([...tray.children].some((row) => row.dataset.key === keyOf(file))) {
      status.textContent = template.dataset.same.replace("{name}", file.name);
      return;
    }
    const item = { file, row: new Row(template, file) };
    item.row.retry.addEventListener("click", () => again(item));
    item.row.remove.addEventListener("click", () => remove(item));
    tray.append(item.row.element);
    if (!fresh) await keep(file);
    if (form.dataset.login) return;
    waiting.push(item);
    next();
  }

  // Signed out: the files are kept by the browser, the person logs in, and the tray goes on by itself.
  async function take(files) {
    await Promise.all(files.map(add));
    if (files.length && form.dataset.login) location.assign(form.dataset.login);
  }

  watchDrop(drop, input, take);
  window.addEventListener("online", () => [...stopped].forEach(again));
  if (!form.dataset.login && !fresh) kept().then(take);
}
