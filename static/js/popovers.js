// Popovers and menus are native. This places them under their button where the stylesheet cannot, and moves inside menus by arrows.
import { all, on, one } from "./dom.js";

const placedByStylesheet = CSS.supports("position-area: block-end span-inline-end");

document.addEventListener(
  "toggle",
  (e) => {
    const pop = e.target;
    if (!pop.matches?.("[popover]")) return;
    const opener = document.activeElement?.matches(`[popovertarget="${pop.id}"]`)
      ? document.activeElement
      : one(`[popovertarget="${pop.id}"]`);
    opener?.setAttribute("aria-expanded", String(e.newState === "open"));
    if (e.newState !== "open" || !opener || !pop.matches(".pop")) return;
    if (!placedByStylesheet) place(pop, opener.getBoundingClientRect());
    if (pop.matches(".menu") && opener.matches(":focus-visible")) items(pop)[0]?.focus();
  },
  true,
);

function place(pop, by) {
  const below = by.bottom + 4 + pop.offsetHeight <= innerHeight;
  pop.style.left = `${Math.max(8, Math.min(by.left, innerWidth - pop.offsetWidth - 8))}px`;
  pop.style.top = `${below ? by.bottom + 4 : Math.max(8, by.top - pop.offsetHeight - 4)}px`;
}

const items = (menu) => all("a[href], button:not([disabled])", menu);

on("keydown", ".pop.menu", (e, menu) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (!step) return;
  e.preventDefault();
  const list = items(menu);
  list[(list.indexOf(document.activeElement) + step + list.length) % list.length]?.focus();
});

on("click", ".pop.menu a, .pop.menu button", (e, item) => {
  if (!item.matches("[popovertarget], [data-stay]")) item.closest("[popover]").hidePopover();
});
