/* A form of numbers and choices that answers every change is asked once when it was changed before it could answer:
   by a hand that was quicker than the scripts, or by a browser that gave back what had been typed. */
function isChanged(field) {
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
}

export function attach(form) {
  function ask() {
    if ([...form.elements].some(isChanged)) form.dispatchEvent(new Event("change"));
  }
  /* What htmx and browsers do to a form is done by then. */
  if (document.readyState === "complete") ask();
  else addEventListener("load", ask, { once: true });
}
