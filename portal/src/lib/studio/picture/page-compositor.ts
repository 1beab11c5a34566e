import type { Compositor } from './compositor.ts';
import { FRAMES_PER_SECOND, PICTURE, type Scene, type SourceName } from './layout.ts';
import { paint, type Still } from './painter.ts';
import type { TitleCard } from './title-card.ts';
import TickerWorker from './ticker.worker.ts?worker';

/** Draws on the page at a worker's tick, for browsers (Firefox) that bring no frames into workers. */
export class PageCompositor implements Compositor {
  readonly track: MediaStreamTrack;
  readonly #ticker: Worker;
  readonly #surface: CanvasRenderingContext2D;
  readonly #sources = new Map<SourceName, HTMLVideoElement>();
  #scene: Scene;

  private constructor(
    canvas: HTMLCanvasElement,
    surface: CanvasRenderingContext2D,
    scene: Scene,
    card: TitleCard,
  ) {
    this.#surface = surface;
    this.#scene = scene;
    // Frames are requested by the tick; browsers without that draw at their own.
    const [manual] = canvas.captureStream(0).getVideoTracks();
    const canRequest = manual !== undefined && 'requestFrame' in manual;
    const [track] = canRequest ? [manual] : canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
    if (track === undefined) throw new Error('this browser cannot capture a canvas');
    this.track = track;
    this.#ticker = new TickerWorker();
    this.#ticker.addEventListener('message', () => {
      paint(this.#surface, { scene: this.#scene, stills: this.#stills(), card });
      if (canRequest) (track as CanvasCaptureMediaStreamTrack).requestFrame();
    });
  }

  static create(scene: Scene, card: TitleCard): Promise<PageCompositor> {
    const canvas = Object.assign(document.createElement('canvas'), PICTURE);
    const surface = canvas.getContext('2d', { alpha: false });
    if (surface === null) return Promise.reject(new Error('no 2D canvas in this browser'));
    return Promise.resolve(new PageCompositor(canvas, surface, scene, card));
  }

  setSource(name: SourceName, track: MediaStreamTrack | undefined): void {
    const before = this.#sources.get(name);
    if (before !== undefined) stopTracksOf(before);
    this.#sources.delete(name);
    if (track === undefined) return;
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track.clone()]);
    this.#sources.set(name, video);
    video.play().catch((cause: unknown) => console.error('a source does not play', cause));
  }

  setScene(scene: Scene): void {
    this.#scene = scene;
  }

  close(): void {
    this.#ticker.terminate();
    for (const video of this.#sources.values()) stopTracksOf(video);
    this.#sources.clear();
    this.track.stop();
  }

  #stills(): ReadonlyMap<SourceName, Still> {
    const ready = [...this.#sources].filter(([, video]) => video.videoWidth > 0);
    return new Map(
      ready.map(([name, video]) => [
        name,
        { image: video, width: video.videoWidth, height: video.videoHeight },
      ]),
    );
  }
}

function stopTracksOf(video: HTMLVideoElement): void {
  if (video.srcObject instanceof MediaStream) for (const track of video.srcObject.getTracks()) track.stop();
  video.srcObject = null;
}
