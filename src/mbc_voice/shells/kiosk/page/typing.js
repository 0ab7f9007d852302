// A typed question, and the keyboard on the screen for those who have no other.

import { focusSilently } from "./keys.js";
import { label } from "./labels.js";

const LETTERS = ["qwertyuiop", "asdfghjkl", "zxcvbnm'"];
const NUMBERS = ["1234567890", "-/.,?", ""];

const form = document.querySelector("#type-form");
const field = document.querySelector("#question");
const keys = document.querySelector("#keys");
const error = document.querySelector("#type-error");

let rows = LETTERS;
let sayWhatIsWrong = () => {};

/** `ask(text)` sends a question; `complaint()` says that there is none. */
export function useTyping(ask, complaint) {
  sayWhatIsWrong = complaint;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim().replace(/\s+/g, " ");
    if (!text) {
      complain();
      return;
    }
    if (ask(text)) forgetTyping();
  });
  field.addEventListener("input", () => (error.textContent = ""));
  render();
}

/** Nothing of a question stays in the page. */
export function forgetTyping() {
  field.value = "";
  error.textContent = "";
  if (rows !== LETTERS) {
    rows = LETTERS;
    render();
  }
}

function complain() {
  error.textContent = label("type-empty");
  focusSilently(field);
  sayWhatIsWrong();
}

function render() {
  keys.replaceChildren(
    ...rows.flatMap((row, at) => [...row].map((letter, i) => letterKey(letter, at === 1 && i === 0))),
    key("key-space", label("key-space"), "long", () => write(" ")),
    key("key-delete", label("key-delete"), "long", () => (field.value = field.value.slice(0, -1))),
    key("key-clear", label("key-clear"), "long", () => (field.value = "")),
    key("key-other", label(rows === LETTERS ? "key-numbers" : "key-letters"), "long", turn),
  );
}

function letterKey(letter, indent) {
  return key(`key:${letter}`, letter, indent && rows === LETTERS ? "indent" : "", () => write(letter));
}

function key(say, text, kind, pressed) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.say = say === "key-other" ? (rows === LETTERS ? "key-numbers" : "key-letters") : say;
  button.textContent = text;
  if (kind) button.classList.add(kind);
  button.addEventListener("click", () => {
    error.textContent = "";
    pressed();
  });
  return button;
}

function write(letter) {
  if (field.value.length < field.maxLength) field.value += letter;
}

function turn() {
  rows = rows === LETTERS ? NUMBERS : LETTERS;
  render();
  keys.querySelector(".long:last-child").focus();
}
