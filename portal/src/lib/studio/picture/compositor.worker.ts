import { nextTick } from './frame-clock.ts';
import { insertable } from './insertable-streams.ts';
import { FRAMES_PER_SECOND, PICTURE, type Scene, type SourceName } from './layout.ts';
import type { FromCompositor, ToCompositor } from './messages.ts';
import { paint } from './painter.ts';
import type { TitleCard } from './title-card.ts';

/** The last picture of a source, on a canvas of its own size: a held VideoFrame would stall the capture after two. */
interface HeldPicture {
  readonly image: OffscreenCanvas;
  readonly surface: OffscreenCanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

const held = new Map<SourceName, HeldPicture>();
const readers = new Map<SourceName, ReadableStreamDefaultReader<VideoFrame>>();
let scene: Scene = 'camera';

const tell = (message: FromCompositor, transfer: Transferable[] = []) =>
  self.postMessage(message, { transfer });

function canvasOf({ width, height }: { width: number; height: number }): HeldPicture {
  const image = new OffscreenCanvas(width, height);
  const surface = image.getContext('2d', { alpha: false });
  if (surface === null) throw new Error('no 2D canvas in this worker');
  return { image, surface, width, height };
}

/** Keeps the newest frame of a source until it ends or is dropped. */
async function follow(name: SourceName, frames: ReadableStream<VideoFrame>): Promise<void> {
  await drop(name);
  const reader = frames.getReader();
  readers.set(name, reader);
  for (;;) {
    const { done, value: frame } = await reader.read();
    if (done) break;
    const size = { width: frame.displayWidth, height: frame.displayHeight };
    let picture = held.get(name);
    if (picture?.width !== size.width || picture.height !== size.height) {
      picture = canvasOf(size);
      held.set(name, picture);
    }
    picture.surface.drawImage(frame, 0, 0);
    frame.close();
  }
  if (readers.get(name) === reader) {
    readers.delete(name);
    held.delete(name);
  }
}

async function drop(name: SourceName): Promise<void> {
  const reader = readers.get(name);
  readers.delete(name);
  held.delete(name);
  await reader?.cancel();
}

/** A frame each tick, whether or not a source delivered: size and rate of what is sent never change. */
function run(writable: WritableStream<VideoFrame>, card: TitleCard): void {
  const writer = writable.getWriter();
  const { image, surface } = canvasOf(PICTURE);
  const startedAt = performance.now();
  let frame = 0;
  let isOpen = true;
  void writer.closed.catch(() => undefined).finally(() => (isOpen = false));
  const tick = () => {
    if (!isOpen) return;
    paint(surface, { scene, stills: held, card });
    if ((writer.desiredSize ?? 0) > 0) {
      const made = new VideoFrame(image, { timestamp: Math.round(performance.now() * 1000) });
      writer.write(made).catch(() => made.close());
    }
    const next = nextTick(frame, startedAt, performance.now(), FRAMES_PER_SECOND);
    frame = next.frame;
    setTimeout(tick, next.waitMs);
  };
  tick();
}

function start(message: Extract<ToCompositor, { is: 'start' }>): void {
  scene = message.scene;
  if (message.writable !== undefined) {
    run(message.writable, message.card);
    return;
  }
  if (insertable.VideoTrackGenerator === undefined) throw new Error('this worker cannot make tracks');
  const { writable, track } = new insertable.VideoTrackGenerator();
  // Tracks can be transferred where this class exists; TypeScript's list of transferables is older.
  tell({ is: 'track', track }, [track]);
  run(writable, message.card);
}

function framesOf(track: MediaStreamTrack): ReadableStream<VideoFrame> {
  if (insertable.MediaStreamTrackProcessor === undefined) throw new Error('this worker cannot read tracks');
  return new insertable.MediaStreamTrackProcessor({ track }).readable;
}

async function obey(message: ToCompositor): Promise<void> {
  switch (message.is) {
    case 'probe':
      tell({
        is: 'probed',
        canGenerateTracks:
          insertable.VideoTrackGenerator !== undefined && insertable.MediaStreamTrackProcessor !== undefined,
      });
      return;
    case 'start':
      start(message);
      return;
    case 'source':
      await follow(message.name, message.frames);
      return;
    case 'source-track':
      await follow(message.name, framesOf(message.track));
      return;
    case 'drop':
      await drop(message.name);
      return;
    case 'scene':
      scene = message.scene;
  }
}

self.onmessage = ({ data }: MessageEvent<ToCompositor>) => {
  obey(data).catch((cause: unknown) => tell({ is: 'failed', reason: String(cause) }));
};
