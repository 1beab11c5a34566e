import { EventEmitter } from 'node:events';
import type { DeliveryLine } from '@yike/contracts/control/events';
import { PlaybackId } from '@yike/contracts/ids';
import { type DeliveryLog, drainDelivery, sampleDelivery, startDelivery } from './delivery-windows.ts';

/** Who has asked for nothing for so long is gone. A reload waits 8 s at most. */
const GONE_AFTER_MS = 15_000;
/** A player without low latency reloads once a segment: 9 s at most. */
const RELOADS_REACH_MS = 12_000;
/** A player asks for media a little before or after it plays it. */
const MEDIA_SLACK_MS = 1_500;
const MAX_VIEWERS = 50_000;

/** Media that went to a viewer, in ms of the timeline. */
export interface ServedMedia {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bytes: number;
}

interface Viewer {
  readonly playbackId: PlaybackId;
  readonly by: DeliveryLine['by'];
  log: DeliveryLog;
  bytes: number;
  seenAtMs: number;
  /** The end of the latest media that went to him. */
  mediaMs: number;
}

interface AudienceEvents {
  /** The number of viewers. */
  changed: [];
}

/**
 * Who watches a room by HLS, and in which windows of the wall clock each was served: by the reloads of his playlists, or, where
 * his requests are counted, by the media that went to him: no more of the clock than there was media that he did not have yet.
 */
export class Audience extends EventEmitter<AudienceEvents> {
  readonly #viewers = new Map<string, Viewer>();
  #gone: Viewer[] = [];

  get size(): number {
    return this.#viewers.size;
  }

  /** A playlist went to him. */
  reloaded(playbackId: string, bytes: number, atMs: number): void {
    const viewer = this.#see(playbackId, 'reloads', atMs);
    if (viewer) grow(viewer, bytes, atMs, RELOADS_REACH_MS);
  }

  /** A playlist of a viewer whose media is counted went to him: he is there, no more. */
  seen(playbackId: string, atMs: number): void {
    this.#see(playbackId, 'bytes', atMs);
  }

  served(playbackId: string, { fromMs, toMs, bytes }: ServedMedia, atMs: number): void {
    const viewer = this.#see(playbackId, 'bytes', atMs);
    const isNew = viewer !== undefined && toMs > viewer.mediaMs;
    if (!isNew) return;
    const newMs = toMs - Math.max(fromMs, viewer.mediaMs);
    viewer.mediaMs = toMs;
    grow(viewer, bytes, atMs, newMs + MEDIA_SLACK_MS);
  }

  /** Lets go of who has not asked for long. */
  expire(nowMs: number): void {
    const before = this.size;
    for (const [key, viewer] of this.#viewers) {
      if (nowMs - viewer.seenAtMs < GONE_AFTER_MS) continue;
      this.#viewers.delete(key);
      this.#gone.push(viewer);
    }
    if (this.size !== before) this.emit('changed');
  }

  /** What was delivered since the last time. */
  drain(): DeliveryLine[] {
    const viewers = [...this.#gone, ...this.#viewers.values()];
    this.#gone = [];
    return viewers.flatMap((viewer): DeliveryLine[] => {
      const { playbackId, by, log } = viewer;
      const { report, rest } = drainDelivery(log);
      viewer.log = rest;
      return report ? [{ playbackId, by, ...report }] : [];
    });
  }

  /** Undefined where the playback cannot be one, or too many are there. */
  #see(id: string, by: Viewer['by'], atMs: number): Viewer | undefined {
    const key = `${by} ${id}`;
    const known = this.#viewers.get(key);
    if (known) {
      known.seenAtMs = atMs;
      return known;
    }
    const playbackId = PlaybackId.safeParse(id);
    if (!playbackId.success || this.size >= MAX_VIEWERS) return undefined;
    const log = startDelivery({ atMs, bytes: 0 });
    const viewer = { playbackId: playbackId.data, by, log, bytes: 0, seenAtMs: atMs, mediaMs: 0 };
    this.#viewers.set(key, viewer);
    this.emit('changed');
    return viewer;
  }
}

function grow(viewer: Viewer, bytes: number, atMs: number, reachMs: number): void {
  viewer.bytes += bytes;
  viewer.log = sampleDelivery(viewer.log, { atMs, bytes: viewer.bytes }, reachMs);
}
