/* Two habits of every form: a second press does not post twice, and after a refusal
   the focus stands on the error summary whose links move it into the field, or in the only field there is. */
function once(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("once" in form.dataset)) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

function toField(event) {
  const link = event.target.closest?.("[data-error-summary] a[href^='#']");
  if (!link) return;
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return;
  event.preventDefault();
  const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
  (control ?? target).focus({ preventScroll: true });
  (target.closest(".field") ?? target).scrollIntoView({ block: "center" });
}

function focusSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  summary?.focus();
  return summary;
}

/* A form without a summary has one field: there one begins again. */
function focusRefused() {
  if (!focusSummary(document)) document.querySelector("main [aria-invalid='true']")?.focus();
}

export function watchForms() {
  document.addEventListener("submit", once, true);
  document.addEventListener("click", toField);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form");
    if (form) release(form);
  });
  document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.detail.target));
  // Coming back by the back button must not find a form that can no longer be sent.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });
  focusRefused();
  // An address with a part after # takes the focus away once more when the page is whole.
  window.addEventListener("load", () => {
    if (document.activeElement === document.body) focusRefused();
  });
}
