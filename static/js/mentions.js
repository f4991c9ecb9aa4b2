// @ and the beginning of a name: the colleagues who see the record, to choose from with the arrow keys, Enter or Tab, or the pointer.
import { all, on, one } from "./dom.js";

const TYPED = /(?:^|\s)@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]+)?)$/u;
let asked = 0;

const listOf = (text) => one("[role=listbox]", text.closest("[data-mentions]"));
const choosable = (list) => all("[role=option]:not([aria-disabled])", list);

function close(text) {
  asked += 1;
  listOf(text).hidden = true;
  text.removeAttribute("aria-activedescendant");
}

function mark(text, option) {
  for (const other of choosable(listOf(text))) other.setAttribute("aria-selected", String(other === option));
  text.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

async function offer(text) {
  const word = TYPED.exec(text.value.slice(0, text.selectionStart))?.[1];
  if (word === undefined) return close(text);
  const number = (asked += 1);
  const url = `${text.closest("[data-mentions]").dataset.mentions}?q=${encodeURIComponent(word)}`;
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (number !== asked || !answer?.ok) return undefined;
  const list = listOf(text);
  list.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  const first = choosable(list)[0];
  list.hidden = !first && word.includes(" ");
  text.setAttribute("aria-controls", list.id);
  return first && mark(text, first);
}

function choose(text, option) {
  const before = text.value.slice(0, text.selectionStart).replace(/@[^@]*$/, `@${option.dataset.name} `);
  text.setRangeText(before, 0, text.selectionStart, "end");
  close(text);
  text.focus();
}

on("input", "[data-mentions] textarea", (e, text) => offer(text));
on("focusout", "[data-mentions] textarea", (e, text) => close(text));
on("pointerdown", "[data-mentions] [role=option]", (e, option) => {
  e.preventDefault();
  if (!option.hasAttribute("aria-disabled")) choose(one("textarea", option.closest("[data-mentions]")), option);
});

on("keydown", "[data-mentions] textarea", (e, text) => {
  const list = listOf(text);
  if (list.hidden) return;
  const options = choosable(list);
  const chosen = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (step && options.length) mark(text, options[(chosen + step + options.length) % options.length]);
  else if (["Enter", "Tab"].includes(e.key) && options[chosen] && !e.ctrlKey && !e.metaKey) choose(text, options[chosen]);
  else if (e.key === "Escape") close(text);
  else return;
  e.preventDefault();
  e.stopPropagation();
});
