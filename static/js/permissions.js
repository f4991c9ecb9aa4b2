// The role editor: a changed cell is framed and counted at once; another record type keeps what was chosen. The server counts again.
import { on, one } from "./dom.js";

const form = one("[data-permissions]");
const count = one("[data-count]");

function tell() {
  const cells = [...form.querySelectorAll(".perm")];
  const changed = cells.filter((cell) => cell.value !== cell.dataset.saved).length + form.querySelectorAll("[data-carried]").length;
  count.textContent = changed === 0 ? count.dataset.none : changed === 1 ? count.dataset.one : count.dataset.many.replace("{n}", changed);
}

on("change", "[data-permissions] .perm", (e, cell) => {
  cell.className = `perm p-${cell.value}`;
  cell.closest("td").classList.toggle("chg", cell.value !== cell.dataset.saved);
  tell();
});
on("change", "[data-permissions] [name=type]", (e, select) => select.form.requestSubmit(one("[name=edit]", select.form)));

tell();
