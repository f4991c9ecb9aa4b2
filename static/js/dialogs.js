// Dialogs of the page (data-open="id") and the one modal outlet that htmx fills (data-modal on a link with hx-get).
import { on, one } from "./dom.js";

export function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new Event("opened"));
}

on("click", "[data-open]", (e, opener) => {
  e.preventDefault();
  open(opener.dataset.open);
});
on("click", "dialog", (e, dialog) => e.target === dialog && dialog.close());
on("click", "[data-close]", (e, button) => button.closest("dialog")?.close());

const modal = one("#modal");

document.addEventListener("htmx:afterSwap", (e) => {
  if (!modal || e.detail.target !== modal) return;
  if (!modal.open) modal.showModal();
  one("[autofocus], .pad input:not([type=hidden]), .pad select, .pad textarea", modal)?.focus();
});
document.addEventListener("htmx:afterRequest", (e) => {
  if (modal?.contains(e.detail.elt) && e.detail.xhr?.status === 204) modal.close();
});
document.addEventListener("closeModal", () => modal?.close());
modal?.addEventListener("close", () => modal.replaceChildren());
