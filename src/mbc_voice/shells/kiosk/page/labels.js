// The words of the page. They stand in index.html, and `welcome.labels` (the content pack's own)
// takes their place. What is shown under an id is what the assistant says for that id.

const words = new Map();
for (const root of [document, document.querySelector("#words").content]) {
  for (const element of root.querySelectorAll("[data-label]")) {
    words.set(element.dataset.label, element.textContent);
  }
  for (const element of root.querySelectorAll("[data-label-name]")) {
    words.set(element.dataset.labelName, element.getAttribute("aria-label"));
  }
}

/** The words under an id, with {places} filled in; the id itself where there are none. */
export function label(id, values = {}) {
  const text = words.get(id) ?? id;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function has(id) {
  return words.has(id);
}

/** Take the content pack's words, and show them. */
export function useLabels(given) {
  for (const [id, text] of Object.entries(given ?? {})) words.set(id, text);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.textContent = label(element.dataset.label);
  }
  for (const element of document.querySelectorAll("[data-label-name]")) {
    element.setAttribute("aria-label", label(element.dataset.labelName));
  }
}

/** Show other words in an element that has a label. */
export function relabel(element, id) {
  if (element.dataset.label === id) return;
  element.dataset.label = id;
  element.textContent = label(id);
}
