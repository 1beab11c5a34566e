import { FLASH_BOX, FLASH_EVERY_S, FLASH_S } from '../../media/src/testing/clip.ts';

/** The wall clock in the picture: so many blocks, black or white, the highest bit first, of unix ms. */
export const TIME_CODE = { bits: 24, x: 40, y: 40, width: 50, height: 40 } as const;

/** As a script for a page, to be run before its own: camera and microphone are made by the page itself. */
export const FAKE_CAMERA = `(${installCamera.toString()})(${JSON.stringify({
  box: FLASH_BOX,
  everyMs: FLASH_EVERY_S * 1000,
  flashMs: FLASH_S * 1000,
  code: TIME_CODE,
})})`;

interface CameraOptions {
  readonly box: { x: number; y: number; width: number; height: number };
  readonly everyMs: number;
  readonly flashMs: number;
  readonly code: typeof TIME_CODE;
}

/** The class that Chromium has on the main thread, without types. */
type Generator = new (init: { kind: 'video' }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };

/**
 * Replaces `getUserMedia`: a moving picture of 1280 x 720 with a flash and a beep at every other full second of the wall clock, and the
 * wall clock itself as blocks in the picture.
 */
function installCamera({ box, everyMs, flashMs, code }: CameraOptions): void {
  const RATE = 30;
  const canvas = new OffscreenCanvas(1280, 720);
  const context = canvas.getContext('2d');

  const draw = (now: number): void => {
    if (context === null) return;
    context.fillStyle = '#24564c';
    context.fillRect(0, 0, 1280, 720);
    context.fillStyle = '#e8b04b';
    context.fillRect(400 + ((now / 8) % 700), 300, 120, 120);
    context.fillStyle = now % everyMs < flashMs ? '#fff' : '#000';
    context.fillRect(box.x, box.y, box.width, box.height);
    context.fillStyle = '#000';
    context.fillRect(code.x - 20, code.y - 20, code.width * code.bits + 40, code.height + 40);
    context.fillStyle = '#fff';
    for (let bit = 0; bit < code.bits; bit += 1) {
      if (Math.floor(now / 2 ** (code.bits - 1 - bit)) % 2 === 0) continue;
      context.fillRect(code.x + bit * code.width, code.y, code.width, code.height);
    }
  };

  const camera = (): MediaStreamTrack => {
    const { MediaStreamTrackGenerator } = globalThis as unknown as { MediaStreamTrackGenerator: Generator };
    const track = new MediaStreamTrackGenerator({ kind: 'video' });
    const writer = track.writable.getWriter();
    const step = 1000 / RATE;
    const tick = (): void => {
      const now = Date.now();
      draw(now);
      void writer
        .write(new VideoFrame(canvas, { timestamp: performance.now() * 1000 }))
        .catch(() => undefined);
      // On the grid of the wall clock, so that the flash is drawn when it begins.
      setTimeout(tick, Math.max(0, (Math.floor(now / step) + 1) * step - Date.now() + 1));
    };
    tick();
    return track;
  };

  const microphone = (): MediaStreamTrack => {
    const audio = new AudioContext({ sampleRate: 48_000 });
    const out = audio.createMediaStreamDestination();
    const tone = new OscillatorNode(audio, { frequency: 1000 });
    const gain = new GainNode(audio, { gain: 0.005 });
    tone.connect(gain).connect(out);
    tone.start();
    let planned = 0;
    const plan = (): void => {
      const wall = Date.now();
      const next = (Math.floor(wall / everyMs) + 1) * everyMs;
      if (next === planned || audio.state !== 'running') return;
      planned = next;
      const at = audio.currentTime + (next - wall) / 1000;
      gain.gain.setValueAtTime(0.5, at);
      gain.gain.setValueAtTime(0.005, at + flashMs / 1000);
    };
    setInterval(plan, 100);
    return out.stream.getAudioTracks()[0]!;
  };

  navigator.mediaDevices.getUserMedia = (wanted) =>
    Promise.resolve(
      new MediaStream([
        ...(wanted?.video === undefined || wanted.video === false ? [] : [camera()]),
        ...(wanted?.audio === undefined || wanted.audio === false ? [] : [microphone()]),
      ]),
    );
}
