// Ctrl K: one field over records (found by the server, swapped into #pal-found) and commands (in the page, filtered here).
import { all, on, one, modifier } from "./dom.js";
import { open } from "./dialogs.js";

const dialog = one("#palette");
const field = one("#pal-q");
const options = () => all("#pal-list [role=option]:not([hidden])").filter((option) => !option.closest("[hidden]"));

function mark(option) {
  for (const other of all("#pal-list [aria-selected=true]")) other.setAttribute("aria-selected", "false");
  field.removeAttribute("aria-activedescendant");
  if (!option) return;
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function tell() {
  const count = options().length;
  const line = one("#pal-count");
  line.textContent = count === 1 ? line.dataset.one : line.dataset.many.replace("{n}", count);
}

function filter() {
  const commandsOnly = field.value.startsWith(">");
  const query = field.value.replace(/^>/, "").trim().toLowerCase();
  one("#pal-found").hidden = commandsOnly || !query;
  for (const option of all("[data-commands] [role=option]", dialog)) {
    option.hidden = !option.textContent.toLowerCase().includes(query);
  }
  for (const group of all("[data-commands]", dialog)) group.hidden = !one("[role=option]:not([hidden])", group);
  mark(options()[0]);
  tell();
}

export function openPalette(text = "") {
  if (!dialog) return;
  open("palette");
  field.value = text;
  field.focus();
  filter();
  if (text) field.dispatchEvent(new Event("input", { bubbles: true }));
}

dialog?.addEventListener("opened", filter);
on("input", "#pal-q", filter);
document.addEventListener("htmx:configRequest", (e) => {
  if (e.detail.elt === field && (!field.value.trim() || field.value.startsWith(">"))) e.preventDefault();
});
document.addEventListener("htmx:afterSwap", (e) => e.detail.target?.id === "pal-found" && filter());

on("keydown", "#pal-q", (e) => {
  const list = options();
  const at = list.findIndex((option) => option.ariaSelected === "true");
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    mark(list[(at + (e.key === "ArrowDown" ? 1 : -1) + list.length) % list.length]);
  } else if (e.key === "Enter") {
    e.preventDefault();
    if (modifier(e)) window.open(list[at]?.href, "_blank", "noopener");
    else list[at]?.click();
  }
});

// The search box of the sidebar is a form of its own without scripts; with them it opens the palette.
on("click", "[data-palette-opener]", (e, form) => {
  e.preventDefault();
  openPalette(one("input", form).value);
});
on("input", "[data-palette-opener] input", (e, box) => {
  const typed = box.value;
  box.value = "";
  openPalette(typed);
});
