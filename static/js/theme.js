// The theme comes with the page (<html data-theme>). The form posts as it is; here it takes effect without a reload.
import { all, on } from "./dom.js";

on("submit", "[data-theme-form]", (e, form) => {
  if (!e.submitter) return;
  e.preventDefault();
  const theme = e.submitter.value;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of all("button", form)) button.setAttribute("aria-pressed", String(button === e.submitter));
  document.dispatchEvent(new Event("themechange"));
  const body = new FormData(form, e.submitter);
  fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => form.submit());
  form.closest("[popover]")?.hidePopover();
});
