// Inline edit. <a class="cell-edit" href="…/edit/" data-cell="address of the one-field form">: the server sends form.cell-form into
// the cell and takes it back (htmx, the cell is the target); here: opening, Esc, blur, focus. hx-get instead of data-cell works, too.
import { all, on, one } from "./dom.js";

const before = new WeakMap();
const cellOf = (element) => element?.closest?.("td, th, dd, .cell");

// Lists have hundreds of cells, so there the address comes from the link: /customers/12/edit/#id_phone is /customers/12/cell/phone/.
const addressOf = (opener) =>
  opener.dataset.cell ?? new URL(opener.href).pathname.replace(/edit\/$/, `cell/${opener.hash.replace("#id_", "")}/`);

on("click", "a.cell-edit:not([hx-get])", (e, opener) => {
  if (!window.htmx || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  window.htmx.ajax("GET", addressOf(opener), { source: opener, target: cellOf(opener), swap: "innerHTML" });
});

document.addEventListener("htmx:beforeSwap", (e) => {
  const opener = e.detail.requestConfig?.elt;
  if (!opener?.matches?.(".cell-edit")) return;
  const copy = cellOf(opener).cloneNode(true);
  for (const busy of all(".htmx-request", copy)) busy.classList.remove("htmx-request");
  before.set(cellOf(opener), [...copy.childNodes]);
});

// A form that goes for its answer is done: the focus that it loses with its last button must not put the old value back.
document.addEventListener("htmx:beforeSwap", (e) => {
  if (e.detail.shouldSwap) for (const form of all("form.cell-form", e.detail.target)) form.dataset.done = "1";
});

document.addEventListener("htmx:afterSwap", (e) => {
  const cell = cellOf(e.detail.target);
  if (!cell) return;
  const form = one("form.cell-form", cell);
  cell.classList.toggle("editing", Boolean(form));
  if (!form) return void (e.detail.requestConfig?.elt?.matches?.("form") && one(".cell-edit", cell)?.focus());
  const field = one(".input, input[type=checkbox], input[type=radio]", form);
  field?.focus();
  field?.select?.();
  form.dataset.was = snapshot(form);
});

const snapshot = (form) => new URLSearchParams(new FormData(form)).toString();

function cancel(form) {
  const cell = cellOf(form);
  if (!before.has(cell)) return;
  form.dataset.done = "1";
  cell.replaceChildren(...before.get(cell));
  window.htmx.process(cell);
  cell.classList.remove("editing");
  one(".cell-edit", cell)?.focus();
}

on("keydown", "form.cell-form", (e, form) => {
  if (e.key === "Enter" && e.target.matches("select")) {
    e.preventDefault(); // browsers save no form by Enter in a choice
    return form.requestSubmit();
  }
  if (e.key !== "Escape") return;
  e.preventDefault();
  e.stopPropagation();
  cancel(form);
});
on("focusout", "form.cell-form", (e, form) => {
  if (form.contains(e.relatedTarget) || form.dataset.done || form.matches(".htmx-request")) return;
  if (snapshot(form) === form.dataset.was && !one("[aria-invalid=true]", form)) cancel(form);
  else form.requestSubmit();
});
