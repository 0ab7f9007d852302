// The microphone, on the audio thread: any rate in, 16 kHz int16 blocks of 20 ms out.
//
// Above 16 kHz a windowed-sinc filter keeps what is below 7.4 kHz before samples are left out
// (J. O. Smith, "Digital Audio Resampling", CCRMA).

const CUTOFF_HZ = 7400;
const REACH = 24; // samples of the input on each side of the one wanted
const BLOCK_S = 0.02;

class Capture extends AudioWorkletProcessor {
  constructor({ processorOptions: { rate } }) {
    super();
    this.step = sampleRate / rate;
    this.cutoff = Math.min(1, (2 * CUTOFF_HZ) / sampleRate);
    this.history = new Float32Array(2 * REACH);
    this.filled = 0;
    this.wait = 0;
    this.block = new Int16Array(Math.round(BLOCK_S * rate));
    this.size = 0;
  }

  process([[input]]) {
    for (const value of input ?? []) this.take(value);
    return true;
  }

  take(value) {
    this.history.copyWithin(0, 1);
    this.history[this.history.length - 1] = value;
    this.wait -= 1;
    if (this.wait > 0) return;
    this.put(this.between(this.wait));
    this.wait += this.step;
  }

  /** The filtered sample `after` (0 to -1 samples) the middle of the history. */
  between(after) {
    let sum = 0;
    for (let i = 0; i < this.history.length; i += 1) {
      const x = i - (REACH - 1) - after - 1;
      const angle = Math.PI * x * this.cutoff;
      const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / (REACH + 1));
      sum += this.history[i] * sinc * window * this.cutoff;
    }
    return sum;
  }

  put(value) {
    this.block[this.size] = Math.max(-32768, Math.min(32767, Math.round(value * 32767)));
    this.size += 1;
    if (this.size < this.block.length) return;
    this.port.postMessage(this.block.slice());
    this.size = 0;
  }
}

registerProcessor("capture", Capture);
