// The one connection to the server. It comes back by itself; see docs/page-protocol.md.

const WAITS_MS = [500, 1000, 2000, 4000, 5000];
const TOO_MANY_PAGES = 1013;
const TOO_MANY_WAIT_MS = 10000;

/** Connects to /talk for ever. `on` has: text(message), sound(buffer), opened(), lost(). */
export class Connection {
  constructor(on) {
    this.on = on;
    this.tries = 0;
    this.lastSent = -Infinity;
    this.open();
  }

  open() {
    const address = new URL("/talk", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.on.opened();
    this.socket.onmessage = ({ data }) => this.take(data);
    this.socket.onclose = ({ code }) => this.closed(code);
  }

  take(data) {
    if (typeof data !== "string") {
      this.on.sound(data);
      return;
    }
    this.tries = 0;
    this.on.text(JSON.parse(data));
  }

  closed(code) {
    this.on.lost();
    const wait = WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)];
    this.tries += 1;
    setTimeout(() => this.open(), code === TOO_MANY_PAGES ? TOO_MANY_WAIT_MS : wait);
  }

  get ready() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Send a message. False where nobody is there to take it. */
  send(message) {
    if (!this.ready) return false;
    this.lastSent = performance.now();
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Send blocks of sound, or a report that nobody made by hand. */
  sendQuietly(data) {
    if (this.ready) this.socket.send(data);
  }
}
