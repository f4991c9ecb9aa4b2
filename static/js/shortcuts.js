// The keyboard map. Keys come from the page: data-go and data-create in the shortcuts dialog, data-key="a" on whatever "a" presses.
// Single keys are dead in fields and where the person has turned them off (<html data-single-keys> is missing).
import { all, isField, isVisible, modifier, one } from "./dom.js";
import { open } from "./dialogs.js";
import { openPalette } from "./palette.js";
import * as rows from "./rows.js";

const PATIENCE = 1000;
let lead = { key: "", at: 0 };

const press = (key) => {
  const target = all(`[data-key="${CSS.escape(key)}"]`).find(isVisible);
  if (target?.matches("input, textarea, select")) target.focus();
  else target?.click();
  return Boolean(target);
};

const go = (kind, key) => {
  const entry = one(`#keys [data-${kind}="${CSS.escape(key)}"]`);
  if (entry) location.assign(entry.dataset.href);
  return Boolean(entry);
};

function searchList() {
  const field = one("[data-list-search]");
  if (isVisible(field)) field?.focus();
  else openPalette();
}

const singles = {
  "?": () => open("keys"),
  "/": searchList,
  j: () => rows.step(1),
  k: () => rows.step(-1),
  x: () => rows.select(),
  e: () => rows.edit() || press("e"),
  a: () => rows.edit("owner") || press("a"),
  m: () => rows.edit("stage", "status", "lifecycle", "priority") || press("m"),
  n: () => one("[data-composer]")?.focus() ?? press("n"),
};

function single(e) {
  const recent = Date.now() - lead.at < PATIENCE ? lead.key : "";
  lead = { key: "", at: 0 };
  if ((recent === "g" && go("go", e.key)) || (recent === "c" && go("create", e.key))) return true;
  if (e.key === "g" || e.key === "c") {
    lead = { key: e.key, at: Date.now() };
    return false;
  }
  if (!singles[e.key]) return /^[a-z]$/.test(e.key) && press(e.key);
  singles[e.key]();
  return true;
}

document.addEventListener("keydown", (e) => {
  if (modifier(e) && e.key.toLowerCase() === "k") {
    e.preventDefault();
    return openPalette();
  }
  if (modifier(e) && e.key === "Enter") return send(e);
  if (e.altKey && (e.key === "ArrowUp" || e.key === "ArrowDown")) return neighbour(e);
  if (!("singleKeys" in document.documentElement.dataset) || e.metaKey || e.ctrlKey || e.altKey) return;
  if (isField(e.target) || one("dialog[open]") || e.target.closest("[popover]:popover-open.menu")) return;
  if (single(e)) e.preventDefault();
});

function send(e) {
  const form = isField(e.target) && e.target.closest("form");
  if (!form || form.method === "dialog") return;
  e.preventDefault();
  form.requestSubmit(one("[data-send], .btn-primary:not([type=button])", form) ?? undefined);
}

function neighbour(e) {
  const link = one(`main a[rel=${e.key === "ArrowUp" ? "prev" : "next"}], .page-head a[rel=${e.key === "ArrowUp" ? "prev" : "next"}]`);
  if (!link || isField(e.target)) return;
  e.preventDefault();
  link.click();
}
