import type { Scene, SourceName } from './layout.ts';
import type { TitleCard } from './title-card.ts';

/** Page to compositor worker. A source is frames (Chromium) or the track itself (Safari). */
export type ToCompositor =
  | { readonly is: 'probe' }
  | {
      readonly is: 'start';
      readonly scene: Scene;
      readonly card: TitleCard;
      readonly writable?: WritableStream<VideoFrame>;
    }
  | { readonly is: 'source'; readonly name: SourceName; readonly frames: ReadableStream<VideoFrame> }
  | { readonly is: 'source-track'; readonly name: SourceName; readonly track: MediaStreamTrack }
  | { readonly is: 'drop'; readonly name: SourceName }
  | { readonly is: 'scene'; readonly scene: Scene };

/** Compositor worker to page. */
export type FromCompositor =
  | { readonly is: 'probed'; readonly canGenerateTracks: boolean }
  | { readonly is: 'track'; readonly track: MediaStreamTrack }
  | { readonly is: 'failed'; readonly reason: string };
