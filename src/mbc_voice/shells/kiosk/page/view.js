// Shows a snapshot. It decides nothing: the same snapshot always gives the same page.

import { announce, alert } from "./announce.js";
import { showPlace } from "./body.js";
import { follow } from "./follow.js";
import { focusSilently } from "./keys.js";
import { label, relabel } from "./labels.js";

const $ = (id) => document.getElementById(id);
const text = (id, words) => {
  if ($(id).textContent !== words) $(id).textContent = words;
};

const VIEWS = ["gone", "attract", "talk", "ended"];
const HEADINGS = { gone: "gone-title", attract: "attract-title", talk: "state-word", ended: "ended-title" };
const BARS = 8;
const HEARS = 0.08;
const SHORT = 40; // characters

$("meter-bars").append(...Array.from({ length: BARS }, () => document.createElement("i")));

/** Show one of the four views; whoever was in another begins at the new one's heading. */
export function showView(name) {
  const before = document.activeElement;
  for (const view of VIEWS) $(view).hidden = view !== name;
  $("end").hidden = name !== "talk";
  document.body.dataset.view = name;
  keepFocus(before);
}

export function showGone(words) {
  text("gone-text", words);
  showView("gone");
  alert(words);
}

export function showSnapshot(snapshot) {
  const before = document.activeElement;
  document.body.dataset.phase = snapshot.phase;
  showDisplay(snapshot);
  showView(viewOf(snapshot));
  showState(snapshot);
  showWarning(snapshot.visit);
  showWords(snapshot);
  showChoices(snapshot);
  showButtons(snapshot);
  showNow(snapshot);
  showPlace(snapshot.place);
  keepFocus(before);
  follow(snapshot);
}

/** Whether there is something to choose, or to say yes or no to. */
export function isOffering({ phase, choices }) {
  return phase === "choosing" || choices.length > 0;
}

/** Whether these are only the words of what somebody came to by key. */
export function isStop(caption) {
  return Boolean(caption?.id.startsWith("page."));
}

export function viewOf(snapshot) {
  if (snapshot.visit.phase === "waiting") return "attract";
  return snapshot.phase === "ended" ? "ended" : "talk";
}

/** `value`: 0 to 1. Said in words too, beside the bars. */
export function showLevel(value) {
  const on = Math.round(Math.min(1, value) * BARS);
  [...$("meter-bars").children].forEach((bar, i) => bar.classList.toggle("on", i < on));
  $("meter").setAttribute("aria-valuenow", String(Math.round(value * 100)));
  relabel($("meter-text"), value > HEARS ? "meter-loud" : "meter-quiet");
}

// ---------------------------------------------------------------- the parts

function showDisplay({ display }) {
  document.documentElement.dataset.theme = display.theme;
  document.documentElement.dataset.text = String(display.text_size);
  for (const button of document.querySelectorAll("[data-theme-name]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeName === display.theme));
  }
  text("screen-now", label("screen-now", { size: display.text_size, colors: label(`theme-${display.theme}`) }));
}

/** The name of the one big state, for `state-…` and `hint-…` among the words. */
export function stateOf({ phase, choices, listening, microphone }) {
  if (phase === "choosing") return choices.length ? "choosing" : "offer";
  if (phase === "ready" || phase === "listening") {
    if (microphone === "lost" || microphone === "off") return "deaf";
    if (listening.open) return "listening";
    if (listening.mode === "always") return "ready";
    return listening.mode.startsWith("wake") ? "wake" : "push";
  }
  return phase;
}

const WAITS = ["ready", "listening"];
const ICONS = { offer: "choosing", push: "listening", wake: "listening" };

function showState(snapshot) {
  const state = stateOf(snapshot);
  $("state-icon").setAttribute("href", `#i-${ICONS[state] ?? state}`);
  relabel($("state-word"), `state-${state}`);
  relabel($("state-hint"), `hint-${state}`);
  $("meter").hidden = !snapshot.listening.open || !["listening", "choosing", "offer"].includes(state);
  if ($("meter").hidden) showLevel(0);
  if (!$("talk").hidden) announce(`${label(`state-${state}`)}. ${label(`hint-${state}`)}`);
}

function showWarning({ phase, seconds_left: seconds }) {
  $("warning").hidden = phase !== "warning";
  text("seconds-left", seconds === null ? "" : label("seconds-left", { seconds }));
  if (phase === "warning") alert(`${label("warning-title")} ${label("warning-text")}`);
  else alert("");
}

function showWords(snapshot) {
  const { phase, heard, caption, spoken, topic, position, length, notice, take_away: takeAway } = snapshot;
  $("asked").hidden = !heard;
  text("heard", heard);
  $("notice").hidden = !notice;
  text("notice", notice ?? "");
  const reading = topic && position > 0;
  $("about").hidden = !reading || phase === "choosing";
  text("about", reading ? label("about", { number: position, count: length, title: topic.title }) : "");
  showCaption(caption?.text ?? "", spoken);
  $("caption").classList.toggle("long", (caption?.text.length ?? 0) > SHORT);
  $("take-away").hidden = !takeAway;
  if (takeAway) {
    $("take-away-code").src = takeAway.image;
    $("take-away-code").alt = label("take-away-code", { title: takeAway.title });
    text("take-away-address", takeAway.url);
  }
}

/** `spoken` counts code points; the text itself stays whole, word for word what is said. */
function showCaption(words, spoken) {
  const points = Array.from(words);
  const [from, to] = spoken ?? [0, 0];
  const parts = [points.slice(0, from).join("")];
  if (to > from) {
    const mark = document.createElement("mark");
    mark.textContent = points.slice(from, to).join("");
    parts.push(mark, points.slice(to).join(""));
  } else {
    parts[0] = words;
  }
  $("caption").replaceChildren(...parts.filter((part) => part !== ""));
}

function showChoices({ choices, phase, caption, topic }) {
  $("choices").hidden = !choices.length;
  const shown = JSON.stringify(choices);
  if ($("choices").dataset.shown !== shown) {
    $("choices").dataset.shown = shown;
    $("choices").replaceChildren(...choices.map(choiceItem));
  }
  $("offer").hidden = phase !== "choosing" || choices.length > 0;
  $("suggested").hidden = (caption && !isStop(caption)) || topic || !WAITS.includes(phase);
}

function choiceItem({ number, title }) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.command = "choose-number";
  button.dataset.number = number;
  button.dataset.say = `choice:${number}`;
  button.textContent = label("choice", { number, title });
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function showButtons(snapshot) {
  const { phase, listening } = snapshot;
  const loud = phase === "speaking" || phase === "paused" || phase === "thinking";
  const pushed = listening.mode !== "always" && listening.open;
  const deaf = stateOf(snapshot) === "deaf";
  const asking = deaf ? "write" : pushed ? "done" : "ask";
  swap("main-button", loud ? "stop" : asking, loud ? "#i-stop" : deaf ? "#i-type" : "#i-listening");
  swap("pause", phase === "paused" ? "resume" : "pause", phase === "paused" ? "#i-go" : "#i-paused");
}

/** One button, one place: its words change, the focus stays. */
function swap(id, does, icon) {
  const button = $(id);
  if (button.dataset.does === does) return;
  button.dataset.does = does;
  button.querySelector("use").setAttribute("href", icon);
  relabel(button.querySelector("[data-label]"), does);
}

function showNow({ words_per_minute: rate, volume, voice, answers, earcons }) {
  const parts = [label("reading-now", { rate, volume }), label(`answers-${answers}`)];
  parts.push(label(earcons ? "earcons-are-on" : "earcons-are-off"));
  if (voice) parts.push(label("voice-now", { voice }));
  text("reading-now", parts.join(" "));
}

/** Nobody loses their place: where the focused thing is gone, the heading takes over. */
function keepFocus(before) {
  if (!before || before === document.body || (before.isConnected && before.checkVisibility())) return;
  focusSilently($(HEADINGS[document.body.dataset.view]));
}
