import type { Scene, SourceName } from './layout.ts';
import type { TitleCard } from './title-card.ts';
import { PageCompositor } from './page-compositor.ts';
import { WorkerCompositor } from './worker-compositor.ts';

/** Lays camera and screen out into one picture of fixed size and rate. */
export interface Compositor {
  /** The picture that is sent: the same track from start to end. */
  readonly track: MediaStreamTrack;
  /** Shows a source from now on; the track stays the caller's (a clone is read). */
  setSource(name: SourceName, track: MediaStreamTrack | undefined): void;
  setScene(scene: Scene): void;
  /** Ends the picture and stops every clone, or the camera's light would stay on. */
  close(): void;
}

/** The best that this browser can: in a worker with frames as streams, with whole tracks, or else on the page. */
export async function createCompositor(scene: Scene, card: TitleCard): Promise<Compositor> {
  return (await WorkerCompositor.create(scene, card)) ?? (await PageCompositor.create(scene, card));
}
