// The column chooser: its buttons and its grip move a column in place; the form sends them in the order they stand.
import { all, on, one } from "./dom.js";

on("click", "[data-reorder] button", (e, button) => {
  e.preventDefault();
  const item = button.closest("li");
  const next = button.name === "up" ? item.previousElementSibling : item.nextElementSibling;
  if (!next || !one("input:checked", next)) return;
  if (button.name === "up") next.before(item);
  else next.after(item);
  button.focus();
});

let dragged = null;
on("dragstart", "[data-reorder] > li", (e, item) => {
  dragged = item;
  e.dataTransfer.effectAllowed = "move";
  item.classList.add("ghost");
});
on("dragover", "[data-reorder] > li", (e, item) => {
  if (!dragged || dragged.parentNode !== item.parentNode) return;
  e.preventDefault();
  const { top, height } = item.getBoundingClientRect();
  if (e.clientY < top + height / 2) item.before(dragged);
  else item.after(dragged);
});
on("drop", "[data-reorder] > li", (e) => e.preventDefault());
on("dragend", "[data-reorder] > li", () => {
  for (const item of all(".ghost", dragged.parentNode)) item.classList.remove("ghost");
  dragged = null;
});
