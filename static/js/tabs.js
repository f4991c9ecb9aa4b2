// Tabs inside a component (composer, variants): role=tablist, arrow keys, an optional panel per tab (aria-controls).
import { all, isVisible, on, one } from "./dom.js";

const siblings = (tab) => all("[role=tab]", tab.closest("[role=tablist]"));

on("click", "[role=tab]", (e, tab) => {
  if (tab.matches("a")) e.preventDefault();
  for (const other of siblings(tab)) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
  const box = tab.closest("[data-tabs]");
  if (!box) return;
  box.classList.toggle("internal", tab.hasAttribute("data-internal"));
  const kind = one("[data-tab-value]", box);
  if (kind) kind.value = tab.dataset.value ?? "";
  const text = one("textarea", box);
  if (text && tab.dataset.placeholder) text.placeholder = tab.dataset.placeholder;
  const send = one("[data-tab-action]", box);
  if (send && tab.dataset.action) send.textContent = tab.dataset.action;
});

on("keydown", "[role=tab]", (e, tab) => {
  const list = siblings(tab);
  const rightToLeft = getComputedStyle(tab).direction === "rtl" ? -1 : 1;
  const step = { ArrowRight: rightToLeft, ArrowLeft: -rightToLeft }[e.key];
  const next = step
    ? list[(list.indexOf(tab) + step + list.length) % list.length]
    : { Home: list[0], End: list.at(-1) }[e.key];
  if (!next) return;
  e.preventDefault();
  next.click();
  next.focus();
});

// What opens a tab from elsewhere on the page: a button in the head, or the address that one came by.
function compose(kind) {
  const tab = document.getElementById(`tab-${kind}`);
  if (!tab) return false;
  tab.click();
  const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
  const fields = panel ? all("input:not([type=hidden]), select, textarea", panel) : [];
  fields.find(isVisible)?.focus();
  return true;
}

on("click", "[data-compose]", (e, button) => compose(button.dataset.compose) && e.preventDefault());
compose(new URLSearchParams(location.search).get("compose") ?? "");
