import {
  captureBoth,
  captureCamera,
  CaptureError,
  type CaptureFailure,
  captureMicrophone,
  captureScreen,
} from './capture.ts';
import { type Compositor, createCompositor } from './picture/compositor.ts';
import type { Scene } from './picture/layout.ts';
import type { TitleCard } from './picture/title-card.ts';
import { judgeLoudness, type Level, type LoudnessVerdict } from './sound/loudness.ts';
import { SoundDesk } from './sound/sound-desk.ts';

export type DeskPhase = 'off' | 'starting' | 'on' | 'failed';

/** Remembered instead of a device's id: the lecturer goes on air with the microphone alone. */
export const NO_CAMERA = 'none';
const CAMERA_KEY = 'yike-camera';
const MICROPHONE_KEY = 'yike-microphone';
/** At twenty levels a second: four seconds, a breath between sentences. */
const LEVELS_KEPT = 80;

/** The lecturer's desk: devices, scenes and loudness; its picture and its sound stay the same tracks throughout. */
export class StudioDesk {
  #phase = $state<DeskPhase>('off');
  #failure = $state.raw<CaptureFailure>();
  #devices = $state.raw<readonly MediaDeviceInfo[]>([]);
  #cameraId = $state<string>();
  #microphoneId = $state<string>();
  #scene = $state<Scene>('camera');
  #isSharing = $state(false);
  #isMuted = $state(false);
  #isSoundAsleep = $state(false);
  #level = $state.raw<Level>({ peak: 0, rms: 0 });
  #loudness = $state.raw<LoudnessVerdict>('good');
  #levels: Level[] = [];
  #compositor = $state.raw<Compositor>();
  #sound: SoundDesk | undefined;
  #camera: MediaStreamTrack | undefined;
  #microphone: MediaStreamTrack | undefined;
  #screen: MediaStreamTrack | undefined;
  readonly #card: TitleCard;
  readonly #closing = new AbortController();

  /** @param card shown while there is neither camera nor slides */
  constructor(card: TitleCard) {
    this.#card = card;
  }

  get phase(): DeskPhase {
    return this.#phase;
  }
  get failure(): CaptureFailure | undefined {
    return this.#failure;
  }
  get cameras(): readonly MediaDeviceInfo[] {
    return this.#devices.filter(({ kind }) => kind === 'videoinput');
  }
  get microphones(): readonly MediaDeviceInfo[] {
    return this.#devices.filter(({ kind }) => kind === 'audioinput');
  }
  /** Undefined where there is no camera. */
  get cameraId(): string | undefined {
    return this.#cameraId;
  }
  get microphoneId(): string | undefined {
    return this.#microphoneId;
  }
  get scene(): Scene {
    return this.#scene;
  }
  get isSharing(): boolean {
    return this.#isSharing;
  }
  get isMuted(): boolean {
    return this.#isMuted;
  }
  /** The browser holds the sound back until someone touches the page. */
  get isSoundAsleep(): boolean {
    return this.#isSoundAsleep;
  }
  get level(): Level {
    return this.#level;
  }
  get loudness(): LoudnessVerdict {
    return this.#loudness;
  }
  /** What is sent; undefined while the desk is off. */
  get picture(): MediaStreamTrack | undefined {
    return this.#compositor?.track;
  }
  get sound(): MediaStreamTrack | undefined {
    return this.#sound?.track;
  }

  /** Turns camera and microphone on, the ones of the last time where they are there. */
  async start(): Promise<void> {
    if (this.#phase === 'starting' || this.#phase === 'on') return;
    this.#phase = 'starting';
    try {
      const { camera, microphone } = await captureBoth({
        cameraId: rememberedCamera(),
        microphoneId: localStorage.getItem(MICROPHONE_KEY) ?? undefined,
      });
      this.#sound ??= await SoundDesk.create((level) => this.#hearLevel(level));
      this.#compositor ??= await createCompositor(this.#scene, this.#card);
      this.#useCamera(camera);
      this.#useMicrophone(microphone);
      await this.#listDevices();
      this.#watch();
      this.#phase = 'on';
      await this.wakeSound();
    } catch (cause) {
      if (!(cause instanceof CaptureError)) console.error('the desk does not start', cause);
      this.#failure = cause instanceof CaptureError ? cause.failure : 'failed';
      this.#phase = 'failed';
    }
    if (this.#closing.signal.aborted) await this.close();
  }

  /** From a click: lets the sound through where the browser held it back. */
  async wakeSound(): Promise<void> {
    const slow = new Promise<void>((resolve) => setTimeout(resolve, 500));
    await Promise.race([this.#sound?.resume(), slow]);
    this.#isSoundAsleep = this.#sound?.isRunning === false;
  }

  /** Another camera, or {@link NO_CAMERA}. @throws {CaptureError} */
  async chooseCamera(deviceId: string): Promise<void> {
    this.#useCamera(deviceId === NO_CAMERA ? undefined : await captureCamera(deviceId));
    localStorage.setItem(CAMERA_KEY, deviceId);
  }

  async chooseMicrophone(deviceId: string): Promise<void> {
    this.#useMicrophone(await captureMicrophone(deviceId));
    localStorage.setItem(MICROPHONE_KEY, deviceId);
  }

  /** Slides want a screen: asks for one where none is shared yet, and stays where it was when there is none. */
  async showScene(scene: Scene): Promise<void> {
    if (scene !== 'camera' && this.#screen === undefined) {
      const screen = await captureScreen();
      if (screen === undefined) return;
      this.#screen = screen;
      this.#isSharing = true;
      this.#compositor?.setSource('screen', screen);
      screen.addEventListener('ended', () => this.stopSharing());
    }
    this.#scene = scene;
    this.#compositor?.setScene(scene);
  }

  stopSharing(): void {
    this.#screen?.stop();
    this.#screen = undefined;
    this.#isSharing = false;
    this.#compositor?.setSource('screen', undefined);
    this.#scene = 'camera';
    this.#compositor?.setScene('camera');
  }

  toggleMuted(): void {
    this.#isMuted = !this.#isMuted;
    this.#sound?.setMuted(this.#isMuted);
  }

  /** Everything off, and the camera's light with it. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#phase = 'off';
    for (const track of [this.#camera, this.#microphone, this.#screen]) track?.stop();
    this.#compositor?.close();
    this.#compositor = undefined;
    const sound = this.#sound;
    this.#sound = undefined;
    await sound?.close();
  }

  #useCamera(track: MediaStreamTrack | undefined): void {
    this.#camera?.stop();
    this.#camera = track;
    this.#cameraId = track?.getSettings().deviceId;
    this.#compositor?.setSource('camera', track);
    track?.addEventListener('ended', () => void this.#replaceLost('videoinput', track));
  }

  #useMicrophone(track: MediaStreamTrack): void {
    this.#microphone?.stop();
    this.#microphone = track;
    this.#microphoneId = track.getSettings().deviceId;
    this.#sound?.setMicrophone(track);
    track.addEventListener('ended', () => void this.#replaceLost('audioinput', track));
  }

  /** A device was unplugged while it was used: the next of its kind takes over. */
  async #replaceLost(kind: MediaDeviceKind, lost: MediaStreamTrack): Promise<void> {
    if (this.#phase !== 'on' || (lost !== this.#camera && lost !== this.#microphone)) return;
    await this.#listDevices();
    const next = this.#devices.find((device) => device.kind === kind);
    if (next === undefined) return;
    try {
      if (kind === 'videoinput') this.#useCamera(await captureCamera(next.deviceId));
      else this.#useMicrophone(await captureMicrophone(next.deviceId));
    } catch (cause) {
      console.warn('no other device took over', cause);
    }
  }

  #watch(): void {
    const { signal } = this.#closing;
    navigator.mediaDevices.addEventListener('devicechange', () => void this.#listDevices(), { signal });
    for (const gesture of ['pointerdown', 'keydown']) {
      document.addEventListener(gesture, () => this.#isSoundAsleep && void this.wakeSound(), { signal });
    }
  }

  async #listDevices(): Promise<void> {
    this.#devices = (await navigator.mediaDevices.enumerateDevices()).filter(
      ({ deviceId }) => deviceId !== '',
    );
  }

  #hearLevel(level: Level): void {
    this.#level = level;
    this.#levels = [...this.#levels.slice(1 - LEVELS_KEPT), level];
    if (this.#levels.length >= LEVELS_KEPT / 4) this.#loudness = judgeLoudness(this.#levels);
  }
}

function rememberedCamera(): string | null | undefined {
  const remembered = localStorage.getItem(CAMERA_KEY) ?? undefined;
  return remembered === NO_CAMERA ? null : remembered;
}
