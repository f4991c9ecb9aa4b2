// Lists: the filter's form opens in place, Space shows a record beside the list, o opens it, Shift+x selects up to the cursor.
import { all, isField, on, one } from "./dom.js";
import { current } from "./rows.js";
const filterPopover = () => one("#list-filter");

function load(url, target) {
  return window.htmx.ajax("GET", url, { target, swap: "innerHTML" });
}

const withPart = (address) => {
  const url = new URL(address, location.href);
  url.searchParams.set("part", "filter");
  return url.pathname + url.search;
};

on("click", "[data-filter-open]", (e, opener) => {
  const popover = filterPopover();
  if (!popover || !window.htmx || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  load(withPart(opener.href), popover).then(() => {
    place(popover, opener);
    one("select, input:not([type=hidden])", popover)?.focus();
  });
});

function place(popover, opener) {
  popover.showPopover({ source: opener });
  const by = opener.getBoundingClientRect();
  popover.style.positionArea = "none";
  popover.style.left = `${Math.max(8, Math.min(by.left, innerWidth - popover.offsetWidth - 8))}px`;
  popover.style.top = `${Math.max(8, Math.min(by.bottom + 4, innerHeight - popover.offsetHeight - 8))}px`;
}

on("change", "[data-filter-field]", (e, select) => {
  const form = select.form;
  const popover = form.closest("#list-filter");
  if (!popover) return form.requestSubmit(one("[name=other]", form) ?? undefined);
  const params = new URLSearchParams([...new FormData(form)].filter(([name]) => !["field", "op", "v", "v2", "days"].includes(name)));
  load(withPart(`${form.getAttribute("action")}?${params}`), popover).then(() => one("[data-filter-operator]", popover)?.focus());
});

// Only the inputs that the chosen operator takes.
function showOperands(root = document) {
  for (const select of all("[data-filter-operator]", root)) {
    const takes = select.selectedOptions[0]?.dataset.takes;
    for (const operand of all("[data-for]", select.form)) {
      const wanted = operand.dataset.for.split(" ").includes(takes);
      operand.hidden = !wanted;
      for (const input of all("input, select", operand)) input.disabled = !wanted;
    }
  }
}
on("change", "[data-filter-operator]", () => showOperands());
document.addEventListener("htmx:load", (e) => showOperands(e.detail.elt));
showOperands();

on("click", "[data-filter-cancel]", (e, link) => {
  const popover = link.closest("#list-filter");
  if (!popover) return;
  e.preventDefault();
  popover.hidePopover();
});
// The panel beside the list.
const panel = () => one("#peek");
const isOpen = () => panel()?.matches(":popover-open");
function peek(row) {
  const link = one("th a", row);
  if (!link || !panel()) return;
  const url = new URL(link.href);
  load(`${url.pathname}peek/`, panel()).then(() => panel().showPopover());
}
function closePeek() {
  panel().hidePopover();
  one("th a", current() ?? document.body)?.focus();
}
on("click", "[data-peek-close]", closePeek);

function selectUpToCursor() {
  one("input.sel", current() ?? document.createElement("i"))?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true }));
}

const pressed = (element) => element.closest("button, summary, input, [role=button], [role=tab]");

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && isOpen()) return closePeek();
  if (!("singleKeys" in document.documentElement.dataset) || e.metaKey || e.ctrlKey || e.altKey) return;
  if (isField(e.target) || pressed(e.target) || one("dialog[open]") || !one("[data-peek]")) return;
  const row = current() ?? e.target.closest?.("[data-peek] > tr");
  const act = { " ": () => (isOpen() ? closePeek() : peek(row)), o: () => one("th a", row).click(), X: selectUpToCursor }[e.key];
  if (!act || !row) return;
  e.preventDefault();
  act();
});

// Moving the cursor moves the open panel along.
document.addEventListener("focusin", (e) => {
  const row = e.target.closest?.("[data-peek] > tr");
  if (row && isOpen() && e.target.matches("th a")) peek(row);
});
