// Passkeys: the sign-in library says what failed, the page says it in words.
import { one } from "./dom.js";

const MEANING = { NotAllowedError: "notAllowed", SecurityError: "security", InvalidStateError: "exists" };

document.addEventListener("allauth.error", (e) => {
  const said = one("[data-passkey-error]");
  if (!said) return;
  e.preventDefault();
  said.textContent = said.dataset[MEANING[e.detail.exception?.name] ?? "other"];
  said.hidden = false;
});
