// A cursor over lists: anything with data-rows. j and k move it, Enter opens (the link has the focus), x selects, e edits.
import { all, one } from "./dom.js";

const rows = () => all("[data-rows] > tr, [data-rows] > li").filter((row) => row.checkVisibility());

export const current = () => one("[data-rows] > .cursor");

export function step(by) {
  const list = rows();
  if (!list.length) return;
  const at = list.findIndex((row) => row.matches(".cursor") || row.contains(document.activeElement));
  const row = list[Math.max(0, Math.min(list.length - 1, at + by))];
  for (const other of list) other.classList.toggle("cursor", other === row);
  (one("th a, .name a", row) ?? one("a", row))?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function select() {
  one("input.sel", current() ?? document.createElement("i"))?.click();
}

// Without a name the first cell; else the cell of one of these fields.
export function edit(...fields) {
  const selector = fields.map((field) => `.cell-edit[href$="#id_${field}"]`).join(", ");
  const cell = one(selector || ".cell-edit", current() ?? document.createElement("i"));
  cell?.click();
  return Boolean(cell);
}
