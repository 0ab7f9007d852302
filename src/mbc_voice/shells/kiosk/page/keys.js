// Keys: one for many commands, and the five that need no sight.
//
// Five keys (previous, next, select, back, help) walk through everything that can be pressed; each
// stop is sent as `focus`, and the assistant says its words. A clinic may add a sixth, the switch,
// with which one needs no other (`scan.js`). A key held down acts once. No chords.

import { Scan } from "./scan.js";

const KEYPAD = {
  previous: ["ArrowUp"],
  next: ["ArrowDown"],
  select: ["Enter"],
  back: ["Escape", "Backspace"],
  help: ["F1", "?"],
  switch: [],
};
const NAMES = {
  " ": "space", Escape: "escape", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up",
  ArrowDown: "down", PageUp: "page-up", PageDown: "page-down", Home: "home", End: "end",
  "+": "plus", "-": "minus", Tab: "tab",
};
const DOUBLE_MS = 500;
const STOPS = "button, input, [data-stop]";

let keypad = KEYPAD;
let orders = new Map();
let does = {};
let last = { what: null, at: -Infinity };
/** How somebody goes around without sight, if they do: "five-keys" or "one-key". */
let way = null;
/** Where the next step begins, if that isn't where the focus is. */
let from = null;
let silent = false;

const scan = new Scan({
  step: () => step(1),
  press: () => press(),
  say: () => (from ? step(1) : tell(document.activeElement) || step(1)),
  count: () => stops().length,
  isSpeaking: () => does.isSpeaking(),
  rate: () => does.rate(),
});

/** Switches of this visit: letters as orders, and second presses within half a second. */
export const switches = { letterKeys: true, ignoreDouble: false };

/** `given`: order(name), focus(id), back(), isSpeaking(), isReading(), isHome() and rate(). */
export function useKeys(given) {
  does = given;
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", clicked, { capture: true });
  document.addEventListener("focusin", ({ target }) => way && !silent && tell(target));
}

/** Move the focus without a word: what was just asked for is being said. */
export function focusSilently(element) {
  silent = true;
  element.focus();
  silent = false;
}

export function setKeys(commands, given) {
  orders = new Map(commands.flatMap(({ name, keys }) => keys.map((key) => [key, name])));
  keypad = { ...KEYPAD, ...given };
}

export function leaveKeypad() {
  way = null;
  from = null;
  scan.end();
  document.body.classList.remove("keypad");
  switches.letterKeys = true;
  switches.ignoreDouble = false;
}

/** Something is on offer that wasn't: whoever goes around by key comes to it next. */
export function beginAtOffer() {
  if (way) from = document.querySelector("#state-word");
}

/** The id under which the assistant knows what an element says. */
export function sayId(element) {
  return element.dataset.say ?? (element.dataset.label || element.querySelector("[data-label]")?.dataset.label);
}

/** Have the words of this said; false where it is no stop. */
function tell(element) {
  const id = element.matches?.(STOPS) && sayId(element);
  if (id) does.focus(id);
  return Boolean(id);
}

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const role = Object.keys(keypad).find((name) => keypad[name].includes(event.key));
  const typing = event.target.matches("input") && (event.key.length === 1 || event.key === "Backspace");
  if (typing && role !== "switch") return;
  const ofKeypad = role && (!does.isHome() || way || role === "switch");
  const held = event.repeat || twice(event.key);
  if (held && (ofKeypad || event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return;
  }
  if (ofKeypad) takeKeypad(role, event);
  else if (!held) takeOrder(event);
}

function takeKeypad(role, event) {
  if (role === "select" && event.key === "Enter" && event.target.matches("button, input")) return;
  event.preventDefault();
  if (role === "back") {
    does.back();
  } else if (role === "switch") {
    takeSwitch();
  } else if (way !== "five-keys" || role === "help") {
    begin("five-keys");
  } else if (role === "select") {
    press();
  } else {
    step(role === "next" ? 1 : -1);
  }
}

/** Tell how to go around, and begin below the heading. */
function begin(chosen) {
  if (way !== chosen) from = document.querySelector("#state-word");
  way = chosen;
  document.body.classList.add("keypad");
  does.focus(chosen);
}

function takeSwitch() {
  if (way !== "one-key") begin("one-key");
  else if (!scan.runs && does.isReading()) does.order("stop");
  else scan.pressed();
}

function press() {
  if (document.activeElement.matches("button")) document.activeElement.click();
  else tell(document.activeElement);
}

function stops() {
  const open = way === "one-key" ? document.querySelector(".panel:not([hidden])") : null;
  return [...(open ?? document).querySelectorAll(STOPS)].filter(
    (element) => element.checkVisibility({ visibilityProperty: true }) && sayId(element),
  );
}

/** Go to the stop before or after; at an end, round to the other. */
function step(by) {
  const all = stops();
  const at = all.indexOf(from ?? document.activeElement);
  from = null;
  const next = at < 0 && by < 0 ? all.length - 1 : (at + by + all.length) % all.length;
  if (all[next] === document.activeElement) tell(all[next]);
  else all[next].focus();
}

function takeOrder(event) {
  if (event.target.matches("input")) return;
  const name = NAMES[event.key] ?? event.key;
  if (event.target.matches("button") && (name === "space" || event.key === "Enter")) return;
  if (event.key.length === 1 && !switches.letterKeys) return;
  if (!orders.has(name) || event.key === "Tab") return;
  event.preventDefault();
  does.order(orders.get(name));
}

function clicked(event) {
  const button = event.target.closest?.("button");
  // A key that presses a button was looked at when it went down.
  if (button && event.detail > 0 && twice(button)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function twice(what) {
  const now = performance.now();
  const again = switches.ignoreDouble && what === last.what && now - last.at < DOUBLE_MS;
  last = { what, at: now };
  return again;
}
