import type { Packets } from './choke-watch.ts';
import type { Way } from './line-rule.ts';

/** The live picture by one way, from its first word to the server until it is closed. */
export interface Feed {
  readonly way: Way;
  /** Resolves when there is something to show; until then another feed may stay in the element. Never rejects. */
  readonly ready: Promise<void>;
  /** The node is heard, whether or not media comes. */
  readonly isSignalled: boolean;
  /** Media cannot come yet: the way is still being opened. */
  readonly isOpening: boolean;
  /** As the node says; undefined where it does not. */
  readonly isLecturerThere: boolean | undefined;
  /** Puts it into the video element, which is free. */
  show(): Promise<void>;
  /** Whether there is a picture of now, and where it stands on the timeline; null where the server places it. */
  look(): { readonly isThere: boolean; readonly mediaMs: number | null };
  progress(): Promise<Progress>;
  /** The element moved on, or waits (`isWaiting`) for what may never come. */
  moved(isWaiting: boolean): void;
  /** Leaves out what was missed in a pause. */
  toNow(): void;
  /** Leaves the element free. */
  close(): void;
}

export interface Progress {
  /** Rises while media arrives. */
  readonly arrived: number;
  /** Of the connection so far; absent where nobody counts them. */
  readonly packets?: Packets;
}

/** What may end a feed, or hinder it. */
export interface FeedListener {
  /** The broadcast ended for good. */
  readonly onEnded: () => void;
  readonly onRefused: (because: 'full' | 'codec' | 'gone') => void;
  /** Something of what a feed says of itself changed. */
  readonly onChange: () => void;
}
