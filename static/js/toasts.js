// Short news at the edge: past tense, eight seconds, Undo where there is a way back. The markup is <template id="toast-template">.
import { all, on, one } from "./dom.js";

const outlet = one("#toasts");
const SECONDS = 8;

export function toast(text, { undo = "", stays = false } = {}) {
  const shown = one("#toast-template").content.firstElementChild.cloneNode(true);
  one("[data-toast-text]", shown).textContent = text;
  const form = one("[data-toast-undo]", shown);
  form.hidden = !undo;
  if (undo) form.setAttribute("action", undo);
  shown.classList.toggle("toast-stays", stays);
  outlet.replaceChildren(shown);
  leaveLater(shown);
}

export const sentence = (name) => outlet?.dataset[name] ?? "";

function leaveLater(shown) {
  if (shown.matches(".toast-stays")) return;
  let timer = setTimeout(() => shown.remove(), SECONDS * 1000);
  const wait = () => clearTimeout(timer);
  const go = () => {
    wait();
    timer = setTimeout(() => shown.remove(), (SECONDS / 2) * 1000);
  };
  shown.addEventListener("mouseenter", wait);
  shown.addEventListener("focusin", wait);
  shown.addEventListener("mouseleave", go);
  shown.addEventListener("focusout", go);
}

on("click", "[data-toast-close]", (e, button) => button.closest(".toast").remove());
document.addEventListener("toast", (e) => toast(e.detail.text, e.detail));
if (outlet) for (const shown of all(".toast", outlet)) leaveLater(shown);
