import { beaconBeats, closePlayback, openPlayback } from '@yike/contracts/http/viewing';
import type { OpenPlayback, Playback, ViewingSummary } from '@yike/contracts/http/viewing';
import type { BeatAck, SegmentProof } from '@yike/contracts/realtime/viewing';
import { addressOf, call } from '#lib/api/call.ts';
import { isPassing } from '#lib/live/acknowledged.ts';
import { BeatOutbox } from './beat-outbox.ts';
import { type BeatStore, openBeatStore } from './beat-store.ts';
import { sha256Hex } from './sha256.ts';
import { type Activity, SpanRecorder } from './span-recorder.ts';
import type { ViewingLink } from './viewing-link.ts';

/** What the tracker reads from a player whenever it wants. */
export interface TrackedPlayer {
  /** `mediaMs` is the position on the lineage's timeline; null where it is not known, or placed by the server (WebRTC). */
  look(): { did: Activity; mediaMs: number | null; inPictureInPicture: boolean };
  /** The resident pressed Play elsewhere: this player stops. */
  leaseLost(): void;
}

export type LeaseState = 'none' | 'held' | 'lost';

const SAMPLE_EVERY_MS = 500;
const MAX_RATE = 1.5;
const MOST_SPANS = 60;
const MOST_PROOFS = 120;
/** A session's clock may not exceed a day; what a page left open longer would say is not said. */
const LONGEST_SESSION_MS = 86_400_000;

/**
 * One playback session as the server should know it: samples the player, sends beats, proves segments, holds the lease.
 * Opened when a person presses Play, closed with the player.
 */
export class ViewingTracker {
  readonly playback: Playback;
  readonly #link: ViewingLink;
  readonly #player: TrackedPlayer;
  readonly #outbox: BeatOutbox;
  readonly #recorder: SpanRecorder;
  readonly #openedAt: number;
  readonly #stops: (() => void)[] = [];
  #proving: Promise<void> = Promise.resolve();
  #proofs: SegmentProof[] = [];
  #seq = 0;
  #positionMs = 0;
  #leaseTakenAt = Infinity;
  #summary = $state.raw<ViewingSummary>();
  #lease = $state<LeaseState>('none');

  private constructor(
    playback: Playback,
    parts: { link: ViewingLink; player: TrackedPlayer; store: BeatStore },
  ) {
    this.playback = playback;
    this.#openedAt = performance.now();
    this.#link = parts.link;
    this.#player = parts.player;
    this.#outbox = new BeatOutbox({
      store: parts.store,
      deliver: (batch) => this.#link.sendBeats(batch),
      acknowledged: (ack, sentAt) => this.#hear(ack, sentAt),
      now: () => Date.now(),
    });
    this.#recorder = new SpanRecorder({ maxClaimMs: playback.maxClaimMs, maxRate: MAX_RATE });
  }

  /**
   * Opens the session; takes no lease.
   * @throws {ApiProblem} `not-signed-in`, `not-published`, `service-unavailable` …
   */
  static async open(
    request: OpenPlayback,
    link: ViewingLink,
    player: TrackedPlayer,
  ): Promise<ViewingTracker> {
    const store = await openBeatStore();
    const playback = await call(openPlayback, { body: request });
    const tracker = new ViewingTracker(playback, { link, player, store });
    await tracker.#outbox.recover();
    tracker.#begin();
    return tracker;
  }

  /** The line of truth; undefined before the first beat was counted. */
  get summary(): ViewingSummary | undefined {
    return this.#summary;
  }

  get lease(): LeaseState {
    return this.#lease;
  }

  /**
   * Someone pressed Play here; or this session goes on for another of the same page (`insteadOf`), which passes its lease on. When the API is
   * away a lease that was held goes on.
   * @throws {ApiProblem} when it cannot be had; `lease-lost` where another device plays
   */
  async takeLease(insteadOf?: ViewingTracker): Promise<void> {
    try {
      await this.#link.takeLease(this.playback.id, insteadOf?.playback.id);
    } catch (cause) {
      if (this.#lease === 'held' && isPassing(cause)) return;
      throw cause;
    }
    insteadOf?.passLease();
    this.#leaseTakenAt = Date.now();
    this.#lease = 'held';
  }

  /** Another session of this page has the lease from now on. */
  passLease(): void {
    this.observe();
    this.#lease = 'none';
    this.#leaseTakenAt = Infinity;
  }

  /** The player changed what it does, or moved on; `jumped` when its position was set. */
  observe({ jumped = false }: { jumped?: boolean } = {}): void {
    const clockMs = performance.now() - this.#openedAt;
    if (clockMs > LONGEST_SESSION_MS) return;
    const { did, mediaMs, inPictureInPicture } = this.#player.look();
    const hidden = document.visibilityState === 'hidden' && !inPictureInPicture;
    // A live picture is placed on the timeline by the server: it plays as the clock goes.
    const placedMs = this.playback.mode === 'webrtc' ? clockMs : mediaMs;
    this.#recorder.observe({ clockMs, did, mediaMs: placedMs, hidden, jumped });
    const positionMs = this.playback.mode === 'webrtc' ? this.#liveMsAt(clockMs) : mediaMs;
    if (positionMs !== null)
      this.#positionMs = Math.min(Math.max(0, Math.floor(positionMs)), LONGEST_SESSION_MS);
  }

  /** A segment's bytes arrived. The buffer may be handed on at once. */
  prove(segment: string, bytes: ArrayBuffer): void {
    const hashing = sha256Hex(bytes);
    this.#proving = this.#proving
      .then(async () => void this.#proofs.push({ segment, sha256: await hashing }))
      .catch((cause: unknown) => console.warn('a segment could not be proven', cause));
  }

  /** Says now what there is to say: at pauses, seeks and the end, beside the regular beats. */
  async beat(): Promise<void> {
    await this.#proving;
    this.#fillOutbox();
    if (this.#link.isConnected) await this.#outbox.flush();
  }

  /** The player goes: the last beat, then the end of the session. */
  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.beat();
    await call(closePlayback, { params: { playbackId: this.playback.id } }).catch((cause: unknown) => {
      console.warn('the session stays open until the server closes it', cause);
    });
  }

  #begin(): void {
    const sampling = setInterval(() => this.observe(), SAMPLE_EVERY_MS);
    const beating = setInterval(() => void this.beat(), this.playback.beatEveryMs);
    const seen = () => this.observe();
    const leave = (event: PageTransitionEvent) => this.#leave(event);
    document.addEventListener('visibilitychange', seen);
    window.addEventListener('pagehide', leave);
    this.#stops.push(
      () => clearInterval(sampling),
      () => clearInterval(beating),
      () => document.removeEventListener('visibilitychange', seen),
      () => window.removeEventListener('pagehide', leave),
      this.#link.on('lease:lost', ({ playbackId }) => {
        if (playbackId === this.playback.id) this.#loseLease();
      }),
      this.#link.on('viewing:summary', ({ playbackId, summary }) => {
        if (playbackId === this.playback.id) this.#summary = summary;
      }),
      this.#link.onPresence((isConnected) => {
        if (isConnected) void this.#outbox.flush();
      }),
    );
    this.observe();
  }

  #fillOutbox(): void {
    this.observe();
    do {
      const spans = this.#recorder.takeSpans(MOST_SPANS);
      const proofs = this.#proofs.splice(0, MOST_PROOFS);
      if (spans.length === 0 && proofs.length === 0) return;
      this.#outbox.add({
        playbackId: this.playback.id,
        seq: ++this.#seq,
        spans,
        proofs,
        positionMs: this.#positionMs,
      });
    } while (this.#recorder.hasClosedSpans || this.#proofs.length > 0);
  }

  /**
   * The page goes away and nothing can be awaited: a beacon now, the device's store for the rest. A page that may come back (from the
   * browser's own cache) keeps its session; else the session ends here, and not when the server finds it silent.
   */
  #leave({ persisted }: PageTransitionEvent): void {
    this.#fillOutbox();
    for (const { playbackId, body } of this.#outbox.beacons()) {
      navigator.sendBeacon(addressOf(beaconBeats, { params: { playbackId } }), body);
    }
    if (persisted) return;
    const address = addressOf(closePlayback, { params: { playbackId: this.playback.id } });
    fetch(address, { method: closePlayback.method, keepalive: true }).catch(() => undefined); // Nobody is here to be told.
  }

  #hear(ack: BeatAck, sentAt: number): void {
    // Beats that an earlier player left behind go out with ours; what is said of that session is not said of this one.
    if (!ack.acknowledged.some(({ playbackId }) => playbackId === this.playback.id)) return;
    if (ack.summary !== null) this.#summary = ack.summary;
    // A beat that was sent before Play was pressed here does not know of it yet.
    if (!ack.holdsLease && sentAt > this.#leaseTakenAt) this.#loseLease();
  }

  #loseLease(): void {
    if (this.#lease !== 'held') return;
    this.#lease = 'lost';
    this.#leaseTakenAt = Infinity;
    this.#player.leaseLost();
    void this.beat();
  }

  #liveMsAt(clockMs: number): number | null {
    const { openedAt, timelineZeroAtMs } = this.playback;
    return timelineZeroAtMs === null ? null : Date.parse(openedAt) + clockMs - timelineZeroAtMs;
  }
}
