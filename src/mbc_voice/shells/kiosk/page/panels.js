// What opens below the talk: topics, body, typing, voice, screen. At most one is open.

import { showGroups } from "./topics.js";

let opener = null;

export function usePanels() {
  for (const button of document.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => openPanel(button));
  }
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => closePanel());
  }
}

export function panelIsOpen() {
  return opener !== null;
}

/** Open what a button opens; the focus goes to its heading, unless it has a better place. */
export function openPanel(button, atHeading = true) {
  putAway();
  opener = button;
  if (button.dataset.open === "topics") showGroups();
  const panel = document.getElementById(button.dataset.open);
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  document.body.dataset.panel = panel.id;
  if (atHeading) panel.querySelector("h2").focus();
}

/** Close what is open; the focus goes to what opened it, or to `next`. */
export function closePanel(next = opener) {
  if (!opener) return;
  putAway();
  next?.focus();
}

/** Close what is open, wherever the focus is. */
export function putAway() {
  if (!opener) return;
  document.getElementById(opener.dataset.open).hidden = true;
  opener.setAttribute("aria-expanded", "false");
  delete document.body.dataset.panel;
  opener = null;
}
