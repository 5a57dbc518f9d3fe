/* Appearance: a cookie, so that the server prints the theme and no page flashes. */
const YEAR = 365 * 24 * 3600;

function remember(theme) {
  const age = theme ? YEAR : 0;
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

export function watchTheme() {
  const box = document.querySelector("[data-theme-switch]");
  if (!box) return;
  const select = box.querySelector("select");
  const root = document.documentElement;
  select.value = root.dataset.theme ?? "";
  select.addEventListener("change", () => {
    if (select.value) root.dataset.theme = select.value;
    else delete root.dataset.theme;
    remember(select.value);
  });
  box.hidden = false;
}
