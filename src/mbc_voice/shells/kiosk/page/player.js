// Plays clips one after another without a gap, on the audio thread; cues are mixed in at once.
// It tells how much of a clip was played: at its first sample, every 50 ms, and at its end.

const REPORT_S = 0.05;
const FADE_S = 0.008;
const GAIN_S = 0.02;
const TAKES = { frame: "frame", pause: "pause", resume: "resume", stop: "stop", gain: "setGain" };

class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.clips = [];
    this.cues = [];
    this.paused = false;
    this.fading = 0;
    this.gain = 1;
    this.wanted = 1;
    this.port.onmessage = ({ data }) => this[TAKES[data.kind]](data);
  }

  frame({ clip, ends, cue, samples }) {
    if (cue) {
      this.cues.push({ samples, at: 0 });
      return;
    }
    let last = this.clips.at(-1);
    if (!last || last.clip !== clip) {
      last = { clip, frames: [], at: 0, played: 0, told: 0, ends: false };
      this.clips.push(last);
    }
    last.frames.push(samples);
    last.ends = ends;
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
  }

  /** What comes after this is new; what sounds now fades out. */
  stop() {
    this.fading = this.clips.length && !this.paused ? Math.round(FADE_S * sampleRate) : 0;
    this.rest = this.fading ? this.clips : [];
    this.clips = [];
    this.cues = [];
    this.paused = false;
  }

  setGain({ gain }) {
    this.wanted = gain;
  }

  process(_inputs, [[out]]) {
    const fade = Math.round(FADE_S * sampleRate);
    for (let i = 0; i < out.length; i += 1) {
      const step = 1 / (GAIN_S * sampleRate);
      this.gain += Math.max(-step, Math.min(step, this.wanted - this.gain));
      let value = 0;
      if (this.fading > 0) {
        value = (this.next(this.rest, false) * this.fading) / fade;
        this.fading -= 1;
      } else if (!this.paused) {
        value = this.next(this.clips, true);
      }
      out[i] = (value + this.cue()) * this.gain;
    }
    return true;
  }

  /** The next sample of the first clip; 0 where none is there yet. */
  next(clips, tell) {
    const clip = clips[0];
    if (!clip) return 0;
    const frame = clip.frames[0];
    if (!frame) {
      if (clip.ends) this.end(clips, tell);
      return 0;
    }
    const value = frame[clip.at] ?? 0;
    clip.at += 1;
    clip.played += 1;
    if (clip.at >= frame.length) {
      clip.frames.shift();
      clip.at = 0;
      if (clip.ends && !clip.frames.length) {
        this.end(clips, tell);
        return value;
      }
    }
    if (tell && (clip.told === 0 || clip.played - clip.told >= REPORT_S * sampleRate)) this.tell(clip);
    return value;
  }

  end(clips, tell) {
    const [clip] = clips.splice(0, 1);
    if (tell) this.tell(clip);
  }

  tell(clip) {
    clip.told = clip.played;
    this.port.postMessage({ clip: clip.clip, sample: clip.played });
  }

  cue() {
    let value = 0;
    for (const cue of this.cues) {
      value += cue.samples[cue.at];
      cue.at += 1;
    }
    this.cues = this.cues.filter((cue) => cue.at < cue.samples.length);
    return value;
  }
}

registerProcessor("player", Player);
