/* "Show more work": the next page's list is appended to this one and the focus goes to its first link.
   The link works without script, and a failure falls back to following it. */
export function attach(box) {
  const link = box.querySelector("a");
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-busy") === "true") return;
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      join(box, new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      location.assign(link.href);
    }
  });
}

function join(box, page) {
  const id = box.dataset.more;
  const list = document.getElementById(id);
  const arrived = [...(page.getElementById(id)?.children ?? [])];
  const next = page.querySelector(`[data-more="${CSS.escape(id)}"]`);
  for (const element of arrived) list.append(document.adoptNode(element));
  refresh(id, list, page);
  const holder = list.parentElement;
  if (next) box.replaceWith(document.adoptNode(next));
  else box.remove();
  arrived[0]?.querySelector("a, button")?.focus();
  window.htmx?.process(holder);
  holder.dispatchEvent(new CustomEvent("house:arrived", { bubbles: true }));
}

/* What stands beside the list and speaks of what is not in it yet, and how many are. */
function refresh(id, list, page) {
  for (const beside of document.querySelectorAll(`[data-beside="${CSS.escape(id)}"]`)) {
    const fresh = page.getElementById(beside.id);
    if (fresh) beside.replaceWith(document.adoptNode(fresh));
    else beside.remove();
  }
  for (const count of document.querySelectorAll(`[data-count-of="${CSS.escape(id)}"]`)) {
    count.textContent = list.children.length.toLocaleString(document.documentElement.lang || undefined);
  }
}
