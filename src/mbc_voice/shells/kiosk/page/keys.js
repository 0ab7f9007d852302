// Keys: one for many commands, and the five-key mode that needs no sight.
//
// Five keys (previous, next, select, back, help) walk through everything that can be pressed; each
// stop is sent as `focus`, and the assistant says its words. A key held down acts once. No chords.

const FIVE = {
  previous: ["ArrowUp"],
  next: ["ArrowDown"],
  select: ["Enter"],
  back: ["Escape", "Backspace"],
  help: ["F1", "?"],
};
const NAMES = {
  " ": "space", Escape: "escape", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up",
  ArrowDown: "down", PageUp: "page-up", PageDown: "page-down", Home: "home", End: "end",
  "+": "plus", "-": "minus", Tab: "tab",
};
const DOUBLE_MS = 500;
const STOPS = "button, input, [data-stop]";

let five = FIVE;
let fiveOn = false;
let orders = new Map();
let does = {};
let last = { what: null, at: -Infinity };

/** Switches of this visit: letters as orders, and second presses within half a second. */
export const switches = { letterKeys: true, ignoreDouble: false };

/** `given`: order(name), firstOfFive(), focus(id), back(), isHome() and isWaiting(). */
export function useKeys(given) {
  does = given;
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", clicked, { capture: true });
  document.addEventListener("focusin", ({ target }) => fiveOn && tell(target));
}

export function setKeys(commands, keypad) {
  orders = new Map(commands.flatMap(({ name, keys }) => keys.map((key) => [key, name])));
  five = { ...FIVE, ...keypad };
}

export function leaveFiveKeys() {
  fiveOn = false;
  document.body.classList.remove("keypad");
  switches.letterKeys = true;
  switches.ignoreDouble = false;
}

/** The id under which the assistant knows what an element says. */
export function sayId(element) {
  return element.dataset.say ?? (element.dataset.label || element.querySelector("[data-label]")?.dataset.label);
}

function tell(element) {
  const id = element.matches?.(STOPS) && sayId(element);
  if (id) does.focus(id);
}

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const typing = event.target.matches("input") && (event.key.length === 1 || event.key === "Backspace");
  if (typing) return;
  const role = Object.keys(five).find((name) => five[name].includes(event.key));
  const five_ = role && (!does.isHome() || fiveOn);
  const held = event.repeat || twice(event.key);
  if (held && (five_ || event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return;
  }
  if (five_) takeFive(role, event);
  else if (!held) takeOrder(event);
}

function takeFive(role, event) {
  if (role === "select" && event.key === "Enter" && event.target.matches("button, input")) return;
  event.preventDefault();
  if (role === "help") {
    does.order("help");
  } else if (role === "back") {
    does.back();
  } else if (!fiveOn) {
    fiveOn = true;
    document.body.classList.add("keypad");
    does.firstOfFive();
  } else if (role === "select") {
    if (document.activeElement.matches("button")) document.activeElement.click();
    else tell(document.activeElement);
  } else {
    step(role === "next" ? 1 : -1);
  }
}

/** Go to the stop before or after; at an end, round to the other. */
function step(by) {
  const stops = [...document.querySelectorAll(STOPS)].filter(
    (element) => element.checkVisibility({ visibilityProperty: true }) && sayId(element),
  );
  const at = stops.indexOf(document.activeElement);
  const next = at < 0 && by < 0 ? stops.length - 1 : (at + by + stops.length) % stops.length;
  stops[next].focus();
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
