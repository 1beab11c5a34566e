import { timingSafeEqual } from 'node:crypto';
import type { TrackKind } from '@yike/contracts/control/manifest';
import { livePlaylist } from '../core/live-playlist.ts';
import { type LiveEpoch, type LiveSegment, LiveTrack } from '../core/live-track.ts';
import type {
  EpochAnchor,
  EpochSink,
  LiveOutput,
  MediaPart,
  RestoredTrack,
  TrackInit,
} from '../recording/ports.ts';
import { type Outcome, Waiting } from './waiting.ts';

const KINDS = ['video', 'audio'] as const;

export interface PlaylistRequest {
  /** What each media address carries behind it. */
  readonly query: string;
  readonly isDelta: boolean;
}

interface Side {
  readonly track: LiveTrack;
  readonly waiting: Waiting;
  /** The texts of the track as it stands: made once, for all who ask. */
  readonly texts: Map<string, string>;
}

/** One broadcast for those who watch it by HLS: both tracks' windows in memory, and who waits for them to grow. */
export class LiveBroadcast implements LiveOutput {
  readonly #sides: Record<TrackKind, Side> = { video: newSide(), audio: newSide() };
  /** Whoever knows it can fetch the media: the folder's name in every address. */
  readonly #key: string;
  readonly #ended: () => void;
  readonly #starting = new Waiting();
  #zeroAtMs = 0;
  /** The running epoch, or the last one. */
  #latest: { readonly epoch: number; readonly kinds: readonly TrackKind[] } | null = null;
  #lastWithMedia: number | null = null;
  #ordinal = -1;

  /** @param ended called when the broadcast is over */
  constructor(key: string, ended: () => void = () => undefined) {
    this.#key = key;
    this.#ended = ended;
  }

  /** The tracks that a player can begin with, by the latest epoch; undefined until all of them have begun. */
  get playable(): Partial<Record<TrackKind, LiveTrack>> | undefined {
    const latest = this.#latest;
    if (latest === null) return undefined;
    const playable: Partial<Record<TrackKind, LiveTrack>> = {};
    for (const kind of latest.kinds) {
      const { track } = this.#sides[kind];
      if (track.position === null || track.epoch?.epoch !== latest.epoch) return undefined;
      playable[kind] = track;
    }
    return playable;
  }

  /** Whether there will not be such a track as far as is known. */
  lacks(kind: TrackKind): boolean {
    return this.#latest?.kinds.includes(kind) === false && this.#sides[kind].track.position === null;
  }

  isKey(key: string): boolean {
    const [own, given] = [Buffer.from(this.#key), Buffer.from(key)];
    return own.length === given.length && timingSafeEqual(own, given);
  }

  track(kind: TrackKind): LiveTrack {
    return this.#sides[kind].track;
  }

  get waitingCount(): number {
    return KINDS.reduce((sum, kind) => sum + this.#sides[kind].waiting.size, this.#starting.size);
  }

  untilPlayable(withinMs: number, gone: AbortSignal): Promise<Outcome> {
    return this.#starting.until(() => this.playable !== undefined, withinMs, gone);
  }

  /** Waits until it is met, asked after each change of the track. */
  until(kind: TrackKind, isMet: () => boolean, withinMs: number, gone: AbortSignal): Promise<Outcome> {
    return this.#sides[kind].waiting.until(isMet, withinMs, gone);
  }

  /** A track's playlist as it stands, without its first line; {@link livePlaylist}. */
  playlist(kind: TrackKind, request: PlaylistRequest): string {
    const { track, texts } = this.#sides[kind];
    const form = `${request.isDelta} ${request.query}`;
    const known = texts.get(form);
    if (known !== undefined) return known;
    const text = livePlaylist(track, { ...request, kind, folder: this.#key, zeroAtMs: this.#zeroAtMs });
    texts.set(form, text);
    return text;
  }

  /** A segment by its name in the manifest, as long as its bytes are kept. */
  segment(kind: TrackKind, epoch: number, seq: number): LiveSegment | undefined {
    return this.#sides[kind].track.find(epoch, seq);
  }

  begin(epoch: number, anchor: () => EpochAnchor | null): EpochSink {
    const inits = new Map<TrackKind, TrackInit>();
    const begun = new Set<TrackKind>();
    return {
      started: (_zeroAtMs, kinds) => {
        this.#latest = { epoch, kinds };
      },
      init: (init) => void inits.set(init.kind, init),
      part: (part) => {
        const place = anchor();
        const init = inits.get(part.kind);
        if (!place || !init || this.#latest?.epoch !== epoch) return;
        if (!begun.has(part.kind)) this.#beginTrack(epoch, place, init);
        begun.add(part.kind);
        this.#append(part);
      },
      ended: () => {
        if (this.#latest?.epoch === epoch) this.#closeSegments();
      },
    };
  }

  restore(epoch: number, anchor: EpochAnchor, tracks: Partial<Record<TrackKind, RestoredTrack>>): void {
    const kinds = KINDS.filter((kind) => (tracks[kind]?.segments.length ?? 0) > 0);
    if (kinds.length === 0) return;
    this.#latest = { epoch, kinds };
    for (const kind of kinds) {
      const restored = tracks[kind];
      if (restored === undefined) continue;
      this.#beginTrack(epoch, anchor, restored.init);
      for (const segment of restored.segments) this.#sides[kind].track.restore(segment);
    }
    this.#closeSegments();
  }

  end(): void {
    for (const kind of KINDS) {
      this.#sides[kind].track.end();
      this.#changed(kind);
    }
    this.#ended();
  }

  /** The process goes down: nobody waits any more. */
  close(): void {
    for (const kind of KINDS) this.#sides[kind].waiting.close();
    this.#starting.close();
  }

  #beginTrack(epoch: number, { timelineZeroAtMs, epochStartMs }: EpochAnchor, init: TrackInit): void {
    if (this.#lastWithMedia !== epoch) this.#ordinal += 1;
    this.#lastWithMedia = epoch;
    this.#zeroAtMs = timelineZeroAtMs;
    const { codec, width, height, bytes } = init;
    const size = width === undefined || height === undefined ? null : { width, height };
    const begins: LiveEpoch = {
      epoch,
      ordinal: this.#ordinal,
      startMs: epochStartMs,
      codec,
      size,
      init: bytes,
    };
    this.#sides[init.kind].track.begin(begins);
  }

  #append(part: MediaPart): void {
    this.#sides[part.kind].track.append(part);
    this.#changed(part.kind);
  }

  #closeSegments(): void {
    for (const kind of KINDS) {
      this.#sides[kind].track.close();
      this.#changed(kind);
    }
  }

  #changed(kind: TrackKind): void {
    const { texts, waiting } = this.#sides[kind];
    texts.clear();
    waiting.changed();
    this.#starting.changed();
  }
}

const newSide = (): Side => ({ track: new LiveTrack(), waiting: new Waiting(), texts: new Map() });
