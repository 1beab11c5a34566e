/** Names and types of the AudioWorklet's own scope, which the DOM's types lack. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare const sampleRate: number;

/** Tells loudness twenty times a second, hidden page or not: `{ peak, rms }`, both 0–1. */
class LevelMeter extends AudioWorkletProcessor {
  #peak = 0;
  #squares = 0;
  #count = 0;

  process([input]: Float32Array[][]): boolean {
    for (const channel of input ?? []) {
      for (const sample of channel) {
        this.#peak = Math.max(this.#peak, Math.abs(sample));
        this.#squares += sample * sample;
      }
      this.#count += channel.length;
    }
    if (this.#count >= sampleRate / 20) {
      this.port.postMessage({ peak: this.#peak, rms: Math.sqrt(this.#squares / this.#count) });
      this.#peak = this.#squares = this.#count = 0;
    }
    return true;
  }
}
registerProcessor('level-meter', LevelMeter);
