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
    const channels = input ?? [];
    for (const channel of channels) {
      for (const sample of channel) {
        this.#peak = Math.max(this.#peak, Math.abs(sample));
        this.#squares += (sample * sample) / channels.length;
      }
    }
    this.#count += channels[0]?.length ?? 0;
    if (this.#count >= sampleRate / 20) {
      this.port.postMessage({ peak: this.#peak, rms: Math.sqrt(this.#squares / this.#count) });
      this.#peak = this.#squares = this.#count = 0;
    }
    return true;
  }
}
registerProcessor('level-meter', LevelMeter);
