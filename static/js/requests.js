// htmx: what the answers 401 to 5xx and a lost connection mean to the person; nothing that was typed is ever thrown away.
import { on, one } from "./dom.js";
import { sentence, toast } from "./toasts.js";

const MEANING = { 403: "forbidden", 404: "missing", 429: "busy" };

document.addEventListener("htmx:responseError", (e) => {
  const { xhr } = e.detail;
  const plain = (xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/plain") && xhr.responseText.length < 200;
  toast(plain ? xhr.responseText : sentence(MEANING[xhr.status] ?? "failed"), { stays: true });
});
document.addEventListener("htmx:sendError", () => toast(sentence("offline"), { stays: true }));
document.addEventListener("htmx:timeout", () => toast(sentence("offline"), { stays: true }));
window.addEventListener("offline", () => toast(sentence("offline"), { stays: true }));
window.addEventListener("online", () => toast(sentence("online")));

// The session is over: the answer is the sign-in page, which belongs into the window, not into a cell.
document.addEventListener("htmx:beforeSwap", (e) => {
  const signIn = document.body.dataset.login;
  const from = e.detail.xhr?.responseURL;
  if (!signIn || !from || !new URL(from).pathname.startsWith(signIn)) return;
  e.detail.shouldSwap = false;
  location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
});

// 422 and 409 come back as the form: the first thing to mend gets the focus.
document.addEventListener("htmx:afterSettle", (e) => {
  if (![409, 422].includes(e.detail.xhr?.status)) return;
  one("[aria-invalid=true], [data-conflict], [role=alert]", e.detail.target)?.focus();
});

// Live parts rest while nobody looks, and say that they ask by themselves: a session ends although a page stays open.
const polls = (e) => e.detail.elt.getAttribute?.("hx-trigger")?.startsWith("every");
document.addEventListener("htmx:beforeRequest", (e) => {
  if (polls(e) && document.hidden) e.preventDefault();
});
document.addEventListener("htmx:configRequest", (e) => {
  if (polls(e)) e.detail.headers["Tern-Live"] = "1";
});

// A plain form is sent once, however often it is pressed.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.method !== "post" || e.defaultPrevented || form.closest("[hx-post], [data-hx-post]")) return;
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

on("change", "[data-autosubmit] select, [data-autosubmit] input", (e, field) => field.form.requestSubmit());
