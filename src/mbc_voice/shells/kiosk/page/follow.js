// Keeps in view what matters now, where the page is longer than the screen, as large text makes it:
// the word that is being said, what is on offer, the warning. Whoever scrolls, touches or presses a
// key looks around for themselves, and is left alone for a while. Nothing glides: it is there.

const ALONE_MS = 8000;
/** What belongs to the caption, below it. */
const LASTS = ["#choices", "#offer", "#caption"];
const TOUCHES = ["wheel", "touchmove", "pointerdown", "keydown"];

const $ = (selector) => document.querySelector(selector);
const isThere = (element) => !element.hidden;

let touched = -Infinity;
let shown = null;

export function useFollowing() {
  for (const kind of TOUCHES) {
    addEventListener(kind, () => (touched = performance.now()), { capture: true, passive: true });
  }
}

/** Whoever has just asked for something wants to see it. */
export function followNow() {
  touched = -Infinity;
}

/** Bring what a snapshot is about into view. */
export function follow({ phase, visit, caption, choices }) {
  const about = [phase, visit.phase, caption?.id, caption?.text, choices.length].join();
  const isNew = about !== shown;
  shown = about;
  if (performance.now() - touched < ALONE_MS || $("#talk").hidden) return;
  if (caption?.id.startsWith("page.")) return; // the focus is what is followed then
  const word = $("#caption mark");
  if (visit.phase === "warning") isNew && bring($("#warning"));
  else if (word) bring(word, word, "center");
  else if (isNew) bring($(caption ? "#caption" : "#state"), LASTS.map($).find(isThere));
}

/** Scroll to the first of two elements, unless all from there to the last is in view already. */
function bring(first, last = first, block = "start") {
  const { top } = first.getBoundingClientRect();
  const { bottom } = last.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) first.scrollIntoView({ block, behavior: "instant" });
}
