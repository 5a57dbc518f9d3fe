/* The write page: two seconds after the last key the form goes to the server by itself.
   What cannot be sent is kept in the browser and tried again. */
import { LOCALE } from "./locale.js";

const QUIET_MS = 2000;
const AGAIN_MS = 10_000;

export function attach(form) {
  const state = form.querySelector("[data-autosave-state]");
  // One place for each draft, and one for a text that is not yet a draft.
  const key = `autosave:${form.dataset.autosave}:${form.elements.namedItem("work")?.value ?? ""}`;
  let timer = 0;
  let saved = new Date();
  let running = false;
  let dirty = false;

  const time = (moment) => moment.toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit" });
  const tell = (text) => {
    if (state && state.textContent !== text) state.textContent = text;
  };

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function keep() {
    const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
    try {
      localStorage.setItem(key, JSON.stringify(values));
    } catch {
      // A full or forbidden store loses nothing that the page does not still hold.
    }
  }

  async function save() {
    if (running) return later(QUIET_MS);
    running = true;
    dirty = false;
    tell(state?.dataset.saving ?? "");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (answer.status === 422) return refuse(await answer.json());
      if (!answer.ok) throw new Error(String(answer.status));
      saved = new Date();
      localStorage.removeItem(key);
      tell((state?.dataset.saved ?? "").replace("{time}", time(saved)));
      form.dispatchEvent(new CustomEvent("house:saved", { bubbles: true }));
      if (dirty) later(QUIET_MS);
    } catch {
      keep();
      tell((state?.dataset.failed ?? "").replace("{time}", time(saved)));
      later(AGAIN_MS);
    } finally {
      running = false;
    }
  }

  // What the form itself does not accept is told, and not sent again before it has changed.
  function refuse({ errors }) {
    keep();
    tell(String(Object.values(errors ?? {}).flat()[0] ?? ""));
  }

  function restore() {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]");
    for (const [name, value] of kept) {
      const field = form.elements.namedItem(name);
      const words = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === "text");
      // The key of a draft comes back with its words, so that they go on as one work.
      if (words || name === "draft_key") field.value = value;
    }
    if (kept.length) later(QUIET_MS);
  }

  form.addEventListener("input", () => {
    dirty = true;
    keep();
    later(QUIET_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    localStorage.removeItem(key);
  });
  window.addEventListener("online", () => dirty || localStorage.getItem(key) ? later(0) : null);
  restore();
}
