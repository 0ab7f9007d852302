// The picture of the body: shows the place that is being talked of, and is a way to choose one.

const picture = document.querySelector("#body-picture");
const parts = document.querySelector("#body-parts");
const place = document.querySelector("#place");

const FROM_THE_TOP = ["brain", "lungs", "liver", "bones"];
let told = null;
let places = [];

const loaded = fetch("/page/body.svg")
  .then((response) => response.text())
  .then((text) => new DOMParser().parseFromString(text, "image/svg+xml").documentElement);

/** Make a button of each place that the content tells of, beside the picture. */
export async function usePlaces(given, choose) {
  places = [...given].sort((a, b) => FROM_THE_TOP.indexOf(a.id) - FROM_THE_TOP.indexOf(b.id));
  parts.replaceChildren(...places.map(({ id, name }) => partButton(id, name, choose)));
  const drawing = await loaded;
  picture.replaceChildren(document.importNode(drawing, true));
  place.replaceChildren(small(drawing));
  for (const root of [picture, place]) {
    for (const part of root.querySelectorAll("[data-place]")) {
      const known = places.some(({ id }) => id === part.dataset.place);
      if (known) part.addEventListener("click", () => choose(part.dataset.place));
    }
  }
  for (const line of picture.querySelectorAll("[data-leader]")) {
    line.toggleAttribute("hidden", !places.some(({ id }) => id === line.dataset.leader));
  }
  mark();
}

/** Show which place is being talked of; null for none. */
export function showPlace(id) {
  if (id === told) return;
  told = id;
  mark();
}

function mark() {
  const known = places.find(({ id }) => id === told);
  place.hidden = !known;
  place.querySelector("svg")?.setAttribute("aria-label", known ? known.name : "");
  for (const part of document.querySelectorAll("[data-place], [data-leader]")) {
    part.classList.toggle("told", (part.dataset.place ?? part.dataset.leader) === told);
  }
  for (const button of parts.children) {
    button.toggleAttribute("aria-current", false);
    if (button.dataset.say === `place:${told}`) button.setAttribute("aria-current", "true");
  }
}

function partButton(id, name, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.say = `place:${id}`;
  button.textContent = name;
  button.addEventListener("click", () => choose(id));
  return button;
}

/** The same picture beside the caption, cut to the figure, named by the place alone. */
function small(drawing) {
  const copy = document.importNode(drawing, true);
  copy.setAttribute("viewBox", "50 0 280 560");
  for (const element of copy.querySelectorAll("title, desc")) element.remove();
  copy.removeAttribute("aria-labelledby");
  return copy;
}
