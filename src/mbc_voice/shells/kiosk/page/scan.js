// One key for everything, for those who can press no more: what can be chosen comes by, one after
// the other, and the key takes what was said last. Nothing moves while something is being said.

const TICK_MS = 250;
const REACT_MS = 2000;
const USUAL_RATE = 160;
const ROUNDS = 2;

export class Scan {
  /** `given`: step(), press(), say(), count(), isSpeaking(), rate(). */
  constructor(given) {
    this.given = given;
    this.timer = null;
    this.quiet = 0;
    this.left = 0;
  }

  get runs() {
    return this.timer !== null;
  }

  /** Begin with what was come to last, or take what was said last. */
  pressed() {
    if (this.runs) {
      this.end();
      this.given.press();
    } else {
      this.left = ROUNDS * this.given.count();
      this.quiet = 0;
      this.timer = setInterval(() => this.tick(), TICK_MS);
      this.given.say();
    }
  }

  /** Who speaks slowly is given more time. */
  tick() {
    this.quiet = this.given.isSpeaking() ? 0 : this.quiet + TICK_MS;
    if (this.quiet < (REACT_MS * USUAL_RATE) / this.given.rate()) return;
    this.quiet = 0;
    this.left -= 1;
    if (this.left > 0) this.given.step();
    else this.end();
  }

  end() {
    clearInterval(this.timer);
    this.timer = null;
  }
}
