// Widgets that need a library, where the page has brought one (see the scripts block of base.html).
import { all } from "./dom.js";

// Tom Select hides the <select>: the new field needs its label, too. With data-search it asks the server: {"results": [{"value", "text"}]}.
function combobox(select) {
  if (select.tomselect) return;
  select.setAttribute("aria-label", select.getAttribute("aria-label") ?? select.labels?.[0]?.textContent.trim() ?? select.name);
  const url = select.dataset.search;
  const load = (query, done) =>
    fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } })
      .then((answer) => answer.json())
      .then((answer) => done(answer.results))
      .catch(() => done());
  new window.TomSelect(select, {
    maxOptions: 50,
    create: select.hasAttribute("data-create-option"),
    plugins: select.multiple ? ["remove_button"] : [],
    ...(url ? { load, valueField: "value", labelField: "text", searchField: [], preload: "focus" } : {}),
  });
}

// Lists whose order is dragged. Each list posts to its data-sort-url; the grip is the handle, a menu is the other way.
function sortable(list) {
  if (list.dataset.sortableReady) return;
  list.dataset.sortableReady = "1";
  window.Sortable.create(list, {
    group: list.dataset.sortGroup || undefined,
    handle: ".grip",
    animation: 120,
    ghostClass: "ghost",
    onEnd: ({ item, from, to, oldIndex, newIndex }) => {
      if (from === to && oldIndex === newIndex) return;
      const back = () => from.insertBefore(item, from.children[oldIndex] ?? null);
      item.dispatchEvent(new CustomEvent("sorted", { bubbles: true, detail: { item, from, to, position: newIndex, back } }));
    },
  });
}

function enhance(root) {
  if (window.TomSelect) for (const select of all("select[data-combo]", root)) combobox(select);
  if (window.Sortable) for (const list of all("[data-sortable]", root)) sortable(list);
}

document.addEventListener("htmx:load", (e) => enhance(e.detail.elt));
enhance(document);
