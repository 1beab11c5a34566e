import levelMeterUrl from './level-meter.worklet.ts?worker&url';
import type { Level } from './loudness.ts';

/** The microphone's way to the air: gain, meter, one track that stays the same when the microphone changes. */
export class SoundDesk {
  readonly track: MediaStreamTrack;
  readonly #context: AudioContext;
  readonly #gain: GainNode;
  #microphone: { node: MediaStreamAudioSourceNode; clone: MediaStreamTrack } | undefined;

  private constructor(context: AudioContext, gain: GainNode, track: MediaStreamTrack) {
    this.#context = context;
    this.#gain = gain;
    this.track = track;
  }

  /** @param onLevel hears twenty times a second how loud it is */
  static async create(onLevel: (level: Level) => void): Promise<SoundDesk> {
    const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
    await context.audioWorklet.addModule(levelMeterUrl);
    const gain = context.createGain();
    const meter = new AudioWorkletNode(context, 'level-meter', { numberOfOutputs: 0 });
    meter.port.onmessage = ({ data }: MessageEvent<Level>) => onLevel(data);
    const destination = context.createMediaStreamDestination();
    gain.connect(meter);
    gain.connect(destination);
    const [track] = destination.stream.getAudioTracks();
    if (track === undefined) throw new Error('this browser gives no sound track');
    return new SoundDesk(context, gain, track);
  }

  setMicrophone(track: MediaStreamTrack | undefined): void {
    this.#microphone?.node.disconnect();
    this.#microphone?.clone.stop();
    this.#microphone = undefined;
    if (track === undefined) return;
    const clone = track.clone();
    const node = this.#context.createMediaStreamSource(new MediaStream([clone]));
    node.connect(this.#gain);
    this.#microphone = { node, clone };
  }

  /** Silences the lecture without ending it; short enough not to click. */
  setMuted(isMuted: boolean): void {
    this.#gain.gain.setTargetAtTime(isMuted ? 0 : 1, this.#context.currentTime, 0.01);
  }

  get isRunning(): boolean {
    return this.#context.state === 'running';
  }

  /** Sound begins only after a gesture: call it from a click. */
  async resume(): Promise<void> {
    if (this.#context.state !== 'running') await this.#context.resume();
  }

  async close(): Promise<void> {
    this.setMicrophone(undefined);
    this.track.stop();
    await this.#context.close();
  }
}
