// The few words every other file uses. Listeners sit on the document, so what htmx swaps in needs no wiring.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export function on(event, selector, act) {
  document.addEventListener(event, (e) => {
    const element = e.target.closest?.(selector);
    if (element) act(e, element);
  });
}

export const isField = (element) =>
  Boolean(element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], .ts-wrapper"));

export const isVisible = (element) => Boolean(element?.checkVisibility?.({ visibilityProperty: true }) ?? element);

const mac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform || navigator.platform || "");
export const modifier = (e) => (mac ? e.metaKey : e.ctrlKey);

// "Ctrl K" in the page becomes "⌘ K" where the keyboard has it.
if (mac) for (const key of all("[data-mod-key]")) key.textContent = key.textContent.replace("Ctrl", "⌘");
