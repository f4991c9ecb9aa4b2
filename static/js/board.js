// The board: cards are dragged, or moved by keys. The server is the judge: what it refuses goes back to where it was.
import { all, isField, one } from "./dom.js";

const board = one("#board");

function ask(card, list, back) {
  const address = card.dataset.move;
  const judged = (e) => {
    if (e.detail.pathInfo?.requestPath !== address) return;
    document.removeEventListener("htmx:afterRequest", judged);
    if (e.detail.xhr.status !== 204) back();
  };
  document.addEventListener("htmx:afterRequest", judged);
  const values = { stage: list.dataset.stage, version: card.dataset.version };
  window.htmx.ajax("POST", address, { source: card, target: "#modal", swap: "innerHTML", values });
}

document.addEventListener("sorted", (e) => {
  const { item, from, to, back } = e.detail;
  if (from !== to && item.dataset.move) ask(item, to, back);
  else back();
});

function wanted(e, card) {
  const open = all(".cards:not(.drop)", board);
  const end = { w: "won", L: "lost" }[e.key];
  if (end) return one(`.drop[data-kind="${end}"]`, board);
  const by = e.shiftKey ? { ArrowRight: 1, ArrowLeft: -1 }[e.key] : 0;
  return by ? open[open.indexOf(card.parentElement) + by] : null;
}

function press(e) {
  const card = e.target.closest?.("#board .card");
  if (!card || isField(e.target) || e.ctrlKey || e.metaKey || e.altKey) return;
  const list = wanted(e, card);
  if (!list) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  board.dataset.focus = card.id;
  ask(card, list, () => {});
}

document.addEventListener("keydown", press, true);
document.addEventListener("htmx:afterSettle", (e) => {
  if (e.detail.target !== board || !board.dataset.focus) return;
  one(`#${board.dataset.focus} .top a`)?.focus();
  delete board.dataset.focus;
});
