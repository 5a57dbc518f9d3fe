/* The upload tray: several files at once over tus, resumed after a lost network, a reload or a night.
   The page's contract stands in templates/parts/_upload_row.html; tus-js-client is the global `tus`. */
import { forget, keep, kept, keyOf } from "./upload-keep.js";
import { Row } from "./upload-row.js";
import { watchDrop } from "./upload-drop.js";

const AT_ONCE = 2;
const RETRY_MS = [0, 1000, 3000, 8000, 20_000];
const WORTH_RETRYING = new Set([409, 423, 429]);

/* data-meta-remix-of="12" on the form becomes the tus metadata remix_of. */
function extras(form) {
  const named = [...form.attributes].filter(({ name }) => name.startsWith("data-meta-"));
  return Object.fromEntries(named.map(({ name, value }) => [name.slice(10).replaceAll("-", "_"), value]));
}

export function attach(form) {
  const tray = form.querySelector("[data-tray]");
  const template = form.querySelector("template[data-row]");
  const drop = form.querySelector("[data-drop]") ?? form;
  const input = form.querySelector("[data-files]");
  const status = form.querySelector("[data-tray-status]");
  const waiting = [];
  const running = new Set();
  const stopped = new Set();

  function reason(error) {
    const answer = error.originalResponse;
    const text = answer?.getBody?.().trim() ?? "";
    const code = answer?.getStatus?.() ?? 0;
    const plain = text && text.length < 300 && !text.startsWith("<");
    return { text: !navigator.onLine ? template.dataset.offline : plain ? text : "", again: code < 400 || code >= 500 || WORTH_RETRYING.has(code) };
  }

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
      endpoint: form.dataset.endpoint,
      chunkSize: Number(form.dataset.chunk) || 16 * 1024 * 1024,
      retryDelays: RETRY_MS,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type, ...extras(form) },
      headers: { "X-CSRFToken": form.querySelector("[name='csrfmiddlewaretoken']")?.value ?? "" },
      onShouldRetry: (error) => reason(error).again && navigator.onLine,
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
        const { text, again } = reason(error);
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
    await keep(file);
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
  if (!form.dataset.login) kept().then(take);
}
