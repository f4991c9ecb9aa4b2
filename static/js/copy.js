// A button with data-copies="id" puts that field's text on the clipboard and says so.
import { on } from "./dom.js";

on("click", "[data-copies]", async (e, button) => {
  const field = document.getElementById(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
  button.querySelector("span").textContent = button.dataset.done;
});
