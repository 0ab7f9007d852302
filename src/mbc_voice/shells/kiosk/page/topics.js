// The topics, in groups: four big buttons at a time, never a long list.

import { label } from "./labels.js";

const AT_A_TIME = 4;
const list = document.querySelector("#topic-list");
const title = document.querySelector("#topics-title");
const suggested = document.querySelector("#suggested-groups");

let groups = [];
let group = null;
let first = 0;
let choose = () => {};

/** `open()` opens the panel with the groups. */
export function useTopics(given, onChosen, open) {
  groups = given;
  choose = onChosen;
  suggested.replaceChildren(...groups.slice(0, AT_A_TIME).map((item) => suggestion(item, open)));
  showGroups();
}

/** A group for whoever doesn't know what to ask. */
function suggestion(item, open) {
  return button(`group:${item.id}`, item.title, () => {
    open();
    enter(item);
  });
}

/** Back to the list of groups. */
export function showGroups() {
  group = null;
  first = 0;
  render();
}

function render() {
  const shown = group ? group.topics : groups;
  title.textContent = group ? group.title : label("topics-title");
  title.dataset.say = group ? `group:${group.id}` : "topics-title";
  const buttons = shown
    .slice(first, first + AT_A_TIME)
    .map((item) => (group ? topicButton(item) : groupButton(item)));
  if (shown.length > AT_A_TIME) buttons.push(pageButton(shown.length));
  if (group) buttons.push(button("all-groups", label("all-groups"), showGroupsAndStay));
  list.replaceChildren(...buttons);
}

function groupButton(item) {
  return button(`group:${item.id}`, item.title, () => enter(item));
}

function enter(item) {
  group = item;
  first = 0;
  renderAndStay();
}

function topicButton(item) {
  return button(`topic:${item.id}`, item.title, () => choose(item.id));
}

function pageButton(count) {
  return button("more-topics", label("more-topics"), () => {
    first = first + AT_A_TIME < count ? first + AT_A_TIME : 0;
    renderAndStay();
  });
}

function showGroupsAndStay() {
  group = null;
  first = 0;
  renderAndStay();
}

/** The buttons are new: whoever pressed one begins at the heading above them. */
function renderAndStay() {
  render();
  title.focus();
}

function button(say, text, pressed) {
  const element = document.createElement("button");
  element.type = "button";
  element.dataset.say = say;
  element.textContent = text;
  element.addEventListener("click", pressed);
  return element;
}
