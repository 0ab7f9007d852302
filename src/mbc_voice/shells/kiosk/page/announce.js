// What a screen reader says without being asked. Both regions are in the page from the start.

const politely = document.querySelector("#said-politely");
const atOnce = document.querySelector("#said-at-once");

export function announce(text) {
  if (politely.textContent !== text) politely.textContent = text;
}

export function alert(text) {
  if (atOnce.textContent !== text) atOnce.textContent = text;
}
