import type { Compositor } from './compositor.ts';
import { insertable } from './insertable-streams.ts';
import type { Scene, SourceName } from './layout.ts';
import type { TitleCard } from './title-card.ts';
import type { FromCompositor, ToCompositor } from './messages.ts';
import CompositorWorker from './compositor.worker.ts?worker';

type Told<Is extends FromCompositor['is']> = Extract<FromCompositor, { is: Is }>;

/** Draws in a worker, so a busy or hidden page costs no frame. */
export class WorkerCompositor implements Compositor {
  readonly track: MediaStreamTrack;
  readonly #worker: Worker;
  readonly #clones = new Map<SourceName, MediaStreamTrack>();

  private constructor(worker: Worker, track: MediaStreamTrack) {
    this.#worker = worker;
    this.track = track;
  }

  /** @returns undefined where the browser has neither way to bring frames into a worker and out again */
  static async create(scene: Scene, card: TitleCard): Promise<WorkerCompositor | undefined> {
    const worker = new CompositorWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<FromCompositor>) => {
      if (data.is === 'failed') console.error('the compositor failed', data.reason);
    });
    if (insertable.MediaStreamTrackProcessor && insertable.MediaStreamTrackGenerator) {
      const track = new insertable.MediaStreamTrackGenerator({ kind: 'video' });
      send(worker, { is: 'start', scene, card, writable: track.writable }, [track.writable]);
      return new WorkerCompositor(worker, track);
    }
    send(worker, { is: 'probe' });
    if ((await told(worker, 'probed')).canGenerateTracks) {
      send(worker, { is: 'start', scene, card });
      return new WorkerCompositor(worker, (await told(worker, 'track')).track);
    }
    worker.terminate();
    return undefined;
  }

  setSource(name: SourceName, track: MediaStreamTrack | undefined): void {
    this.#clones.get(name)?.stop();
    this.#clones.delete(name);
    if (track === undefined) {
      send(this.#worker, { is: 'drop', name });
      return;
    }
    const clone = track.clone();
    if (insertable.MediaStreamTrackProcessor) {
      this.#clones.set(name, clone);
      const frames = new insertable.MediaStreamTrackProcessor({ track: clone }).readable;
      send(this.#worker, { is: 'source', name, frames }, [frames]);
    } else {
      send(this.#worker, { is: 'source-track', name, track: clone }, [clone]);
    }
  }

  setScene(scene: Scene): void {
    send(this.#worker, { is: 'scene', scene });
  }

  close(): void {
    for (const clone of this.#clones.values()) clone.stop();
    this.#clones.clear();
    this.track.stop();
    this.#worker.terminate();
  }
}

function send(worker: Worker, message: ToCompositor, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

function told<Is extends FromCompositor['is']>(worker: Worker, is: Is): Promise<Told<Is>> {
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent<FromCompositor>) => {
      if (data.is !== is && data.is !== 'failed') return;
      worker.removeEventListener('message', hear);
      if (data.is === 'failed') reject(new Error(data.reason));
      // Narrowed by the line above the last: the compiler does not follow a generic discriminant.
      else resolve(data as Told<Is>);
    };
    worker.addEventListener('message', hear);
  });
}
