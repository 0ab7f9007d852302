// Connects the parts: messages in are shown, presses out are sent.

import { announce } from "./announce.js";
import { usePlaces } from "./body.js";
import { Connection } from "./connection.js";
import { followNow, useFollowing } from "./follow.js";
import { beginAtOffer, focusSilently, leaveKeypad, setKeys, switches, useKeys } from "./keys.js";
import { has, label, useLabels } from "./labels.js";
import { closePanel, openPanel, panelIsOpen, putAway, usePanels } from "./panels.js";
import { Sound } from "./sound.js";
import { useTopics } from "./topics.js";
import { forgetTyping, useTyping } from "./typing.js";
import { isOffering, isStop, showGone, showLevel, showSnapshot, showView, viewOf } from "./view.js";

const EXTEND_EVERY_MS = 5000;
const EXTEND_AFTER_MS = 300;
const SPEAKING = ["speaking", "thinking"];
const USUAL_RATE = 160;

let welcome = null;
let snapshot = null;
let goneText = "";
let goneSound = null;
let isGone = true;

const connection = new Connection({ opened, lost, text: take, sound: (data) => sound.take(data) });
const sound = new Sound({
  report: (message) => connection.sendQuietly(JSON.stringify(message)),
  block: (samples) => connection.sendQuietly(samples),
  denied: () => announce(label("microphone-denied")),
});
const send = (message) => connection.send(message);
const order = (name) => send({ kind: "command", name });

// ---------------------------------------------------------------- what comes in

const TAKES = {
  welcome: beWelcome,
  snapshot: show,
  level: ({ value }) => showLevel(value),
  refused: ({ reason }) => console.info("refused:", reason),
  gone: ({ text }) => (goneText = text),
  "sound-pause": () => sound.pause(),
  "sound-resume": () => sound.resume(),
  "sound-stop": () => sound.stop(),
  "sound-volume": ({ gain }) => sound.setVolume(gain),
};

function take(message) {
  TAKES[message.kind]?.(message);
}

function opened() {
  sound.stop();
}

function beWelcome(message) {
  welcome = message;
  document.documentElement.lang = message.language;
  document.title = message.title;
  document.getElementById("clinic").textContent = message.clinic || message.title;
  document.getElementById("hours").textContent = message.hours;
  useLabels(message.labels);
  if (message.capital_px) setCapitals(message.capital_px);
  useTopics(message.groups, (id) => tell({ kind: "topic", id }), openTopics);
  usePlaces(message.places, (id) => send({ kind: "place", id }));
  setKeys(message.commands, message.keypad);
  addFurtherButtons(message.commands);
  document.getElementById("question").maxLength = message.limits.text;
  sound.use(message.sound);
  keepGone(message.gone);
}

function openTopics() {
  openPanel(document.getElementById("open-topics"), false);
}

/** A capital of Hyperlegible is 0.67 em high. */
function setCapitals(pixels) {
  document.documentElement.style.setProperty("--base", `${Math.ceil(pixels / 0.66)}px`);
}

function show(message) {
  if (isGone) {
    isGone = false;
    announce(label("back-again"));
  }
  if (message.visit.phase === "waiting") forgetVisit();
  if (isOffering(message) && !(snapshot && isOffering(snapshot))) beginAtOffer();
  snapshot = message;
  showSnapshot(message);
}

/** Between two visits nothing of the last one is left in the page. */
function forgetVisit() {
  putAway();
  forgetTyping();
  leaveKeypad();
  showSwitches();
}

async function keepGone(gone) {
  goneText = gone.text;
  goneSound ??= await fetch(gone.sound)
    .then((response) => (response.ok ? response.blob() : null))
    .then((blob) => blob && new Audio(URL.createObjectURL(blob)))
    .catch(() => null);
}

function lost() {
  sound.stop();
  if (isGone) return;
  isGone = true;
  snapshot = null;
  forgetVisit();
  showGone(goneText || label("gone-text"));
  goneSound?.play().catch(() => {});
}

// ---------------------------------------------------------------- what goes out

const SENDS = {
  start: { kind: "visit", what: "start" },
  extend: { kind: "visit", what: "extend" },
  end: { kind: "visit", what: "end" },
  ask: { kind: "talk", open: true },
  done: { kind: "talk", open: false },
  stop: { kind: "command", name: "stop" },
  pause: { kind: "command", name: "pause" },
  resume: { kind: "command", name: "resume" },
};

const SWITCHES = { "letter-keys": "letterKeys", "double-presses": "ignoreDouble" };

function tell(message) {
  if (!send(message)) return false;
  closePanel(null);
  focusSilently(document.getElementById("state-word"));
  followNow();
  return true;
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const { command, number, does, turns, says } = button.dataset;
  if (does === "write") press("open-type");
  else if (does) send(SENDS[does]);
  else if (command) send({ kind: "command", name: command, ...(number && { number: Number(number) }) });
  else if (turns) turn(turns);
  else if (says) say(says);
});

function press(id) {
  document.getElementById(id).click();
}

/** Have something said that is no order, and tell it to a screen reader. */
function say(id) {
  announce(label(id));
  send({ kind: "focus", id });
}

function turn(name) {
  switches[SWITCHES[name]] = !switches[SWITCHES[name]];
  showSwitches();
  say(`${name}-${switches[SWITCHES[name]] ? "on" : "off"}`);
}

function showSwitches() {
  for (const [name, key] of Object.entries(SWITCHES)) {
    document.getElementById(name).setAttribute("aria-pressed", String(switches[key]));
  }
}

/** Whatever can be said has a button: those that have no place of their own stand together. */
function addFurtherButtons(commands) {
  const further = document.getElementById("reading-more");
  const placed = new Set(
    [...document.querySelectorAll("[data-command], [data-does]")]
      .filter((button) => !further.contains(button))
      .map(({ dataset }) => dataset.command ?? dataset.does),
  );
  placed.add("resume").add("stop").add("choose-number").add("topics").add("group").add("goodbye");
  const missing = commands.filter(({ name, takes }) => !placed.has(name) && takes !== "number");
  further.replaceChildren(...missing.map(furtherButton));
}

function furtherButton({ name, phrase }) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.command = name;
  button.dataset.say = name;
  button.textContent = has(name) ? label(name) : phrase[0].toUpperCase() + phrase.slice(1);
  return button;
}

// ---------------------------------------------------------------- keys and touches

const openMore = document.getElementById("open-reading-more");
openMore.addEventListener("click", () => {
  const more = document.getElementById("reading-more");
  more.hidden = !more.hidden;
  openMore.setAttribute("aria-expanded", String(!more.hidden));
});

useKeys({
  order: (name) => order(name),
  focus: (id) => send({ kind: "focus", id }),
  back: () => {
    if (panelIsOpen()) closePanel();
    else order(snapshot?.phase === "speaking" ? "stop" : "back");
  },
  isSpeaking: () => isReading() || isStop(snapshot?.caption),
  isReading,
  isHome: () => welcome?.profile === "home",
  rate: () => snapshot?.words_per_minute ?? USUAL_RATE,
});
function isReading() {
  return SPEAKING.includes(snapshot?.phase);
}

useFollowing();
usePanels();
useTyping((text) => tell({ kind: "text", text }), () => say("type-empty"));

/** Any touch or key begins a visit, or says that somebody is still here. */
function somebodyIsHere({ type, target }) {
  sound.unlock();
  if (!snapshot) return;
  if (viewOf(snapshot) !== "attract") setTimeout(extend, EXTEND_AFTER_MS);
  else if (type === "keydown" && !target.closest("button")) send(SENDS.start);
}

/** Whatever else was sent in the meantime says the same. */
function extend() {
  if (performance.now() - connection.lastSent > EXTEND_EVERY_MS) send(SENDS.extend);
}
document.addEventListener("pointerdown", somebodyIsHere, { capture: true });
document.addEventListener("keydown", somebodyIsHere, { capture: true });

showView("gone");
