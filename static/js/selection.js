// Checkboxes of a list and the bar that acts on them. The bar shows by itself (:has); here are count, range and "all that match".
import { all, on, one } from "./dom.js";

let last = null;

function tell() {
  const boxes = all("input.sel");
  const count = boxes.filter((box) => box.checked).length;
  const whole = one("[data-select-all]");
  if (whole) {
    whole.checked = count > 0 && count === boxes.length;
    whole.indeterminate = count > 0 && count < boxes.length;
  }
  const bar = one("#bulk");
  if (!bar) return;
  const output = one("output", bar);
  output.textContent = (output.dataset.text ?? "{n}").replace("{n}", count);
  const matching = one("[data-select-matching]", bar);
  if (matching) matching.hidden = !(whole?.checked && Number(matching.dataset.selectMatching) > count);
  everyMatch(bar, false);
}

function everyMatch(bar, chosen) {
  const field = one("[name=every_match]", bar) ?? one("[name=every_match]");
  if (!field) return;
  field.value = chosen ? "1" : "";
  field.disabled = !chosen;
}

on("change", "[data-select-all]", (e, whole) => {
  for (const box of all("input.sel")) box.checked = whole.checked;
  tell();
});
on("change", "input.sel", tell);
on("click", "input.sel", (e, box) => {
  const boxes = all("input.sel");
  if (e.shiftKey && last && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
});
on("click", "[data-select-matching]", (e, button) => {
  const bar = button.closest("#bulk");
  const output = one("output", bar);
  output.textContent = (output.dataset.text ?? "{n}").replace("{n}", button.dataset.total ?? button.dataset.selectMatching);
  button.hidden = true;
  everyMatch(bar, true);
});
on("click", "[data-clear]", () => {
  for (const box of all("input.sel, [data-select-all]")) box.checked = false;
  tell();
});
document.addEventListener("htmx:afterSettle", tell);
window.addEventListener("pageshow", tell);
