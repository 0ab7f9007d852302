// Sound in the page, where the kiosk's own devices aren't used: the microphone to the server, the
// voice from it. `player.js` and `capture.js` run on the audio thread.

const HEADER = 12;
const FLAG_ENDS = 1;
const FLAG_CUE = 2;

export class Sound {
  /** `on`: report(message), block(Int16Array), denied(). */
  constructor(on) {
    this.on = on;
    this.settings = { by: "kiosk" };
    this.gain = 1;
    this.waiting = [];
    this.round = 0;
  }

  use(settings) {
    this.settings = settings;
  }

  /** Browsers allow sound only after a touch or a key: call it at each. */
  unlock() {
    if (this.settings.by !== "browser") return;
    this.starting ??= this.start();
    this.context?.resume();
  }

  async start() {
    this.context = new AudioContext({ sampleRate: this.settings.rate, latencyHint: "interactive" });
    await this.context.audioWorklet.addModule("/page/player.js");
    this.player = new AudioWorkletNode(this.context, "player", {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    this.player.connect(this.context.destination);
    this.player.port.onmessage = ({ data }) => this.heard(data);
    this.setVolume(this.gain);
    for (const frame of this.waiting.splice(0)) this.play(frame);
    await this.listen().catch(() => this.on.denied());
  }

  async listen() {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    });
    this.ears = new AudioContext();
    await this.ears.audioWorklet.addModule("/page/capture.js");
    const capture = new AudioWorkletNode(this.ears, "capture", {
      numberOfOutputs: 0,
      processorOptions: { rate: this.settings.microphone_rate },
    });
    capture.port.onmessage = ({ data }) => this.on.block(data);
    this.ears.createMediaStreamSource(stream).connect(capture);
  }

  /** A binary frame from the server: see docs/page-protocol.md. */
  take(buffer) {
    const head = new DataView(buffer);
    const pcm = new Int16Array(buffer, HEADER);
    const frame = {
      clip: head.getUint32(0, true),
      index: head.getUint32(4, true),
      ends: Boolean(head.getUint8(8) & FLAG_ENDS),
      cue: Boolean(head.getUint8(8) & FLAG_CUE),
      samples: Float32Array.from(pcm, (value) => value / 32768),
    };
    if (this.player) this.play(frame);
    else this.waiting.push(frame);
  }

  play(frame) {
    this.player.port.postMessage({ kind: "frame", ...frame }, [frame.samples.buffer]);
  }

  /** What left the player is heard a little later. */
  heard({ clip, sample }) {
    const round = this.round;
    const late = (this.context.outputLatency || 0) * 1000;
    setTimeout(() => {
      if (round === this.round) this.on.report({ kind: "played", clip, sample });
    }, late);
  }

  pause() {
    this.tell({ kind: "pause" });
  }

  resume() {
    this.tell({ kind: "resume" });
  }

  stop() {
    this.round += 1;
    this.waiting = [];
    this.tell({ kind: "stop" });
  }

  setVolume(gain) {
    this.gain = gain;
    this.tell({ kind: "gain", gain });
  }

  tell(message) {
    this.player?.port.postMessage(message);
  }
}
