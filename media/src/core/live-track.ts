/** One track of a running broadcast as a sliding window of low-latency HLS (RFC 8216, second edition's draft). */

export interface LivePolicy {
  /** No segment is longer; a playlist may never change it. */
  readonly targetMs: number;
  /** No part should be longer, and none but the last of a segment shorter than 85 % of it. */
  readonly partTargetMs: number;
  /** The playlist names at least so much … */
  readonly windowMs: number;
  /** … and at least so many segments. */
  readonly minSegments: number;
  /** What has left the playlist can still be fetched for so long. */
  readonly keptMs: number;
  /** Parts of segments that ended longer ago are not named any more. */
  readonly partsMs: number;
}

/**
 * A recorder cuts at 9 s at the latest. A third of a second of picture or sound lies between 85 % and 100 % of the part target. Only
 * what is older than six targets may be left out of a delta update, so the window is longer than that.
 */
export const LIVE_POLICY: LivePolicy = {
  targetMs: 9_000,
  partTargetMs: 390,
  windowMs: 60_000,
  minSegments: 6,
  keptMs: 20_000,
  partsMs: 6_000,
};

/** A shorter hole is none: rounding, or the end of one fragment and the start of the next. */
const CLOSED_HOLE_MS = 100;

/** What one epoch says of this track. */
export interface LiveEpoch {
  readonly epoch: number;
  /** Counts the epochs of the broadcast that had media, of whatever track: the discontinuity sequence of both tracks. */
  readonly ordinal: number;
  /** Timeline ms of the epoch's media time 0. */
  readonly startMs: number;
  readonly codec: string;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly init: Uint8Array;
}

/** A part as the recorder cuts it; ms of the epoch's media clock. */
export interface RecordedPart {
  readonly startMs: number;
  readonly endMs: number;
  readonly independent: boolean;
  readonly opensSegment: boolean;
  readonly bytes: Uint8Array;
}

/** A segment of an earlier process; ms of the epoch's media clock. */
export interface RestoredSegment {
  readonly seq: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Null where they are not at hand any more. */
  readonly bytes: Uint8Array | null;
}

export interface LivePart {
  readonly durationMs: number;
  readonly independent: boolean;
  readonly bytes: Uint8Array;
}

interface Line {
  /** Its media sequence number. */
  readonly msn: number;
  /** Of the epoch that it belongs to, or follows. */
  readonly ordinal: number;
  /** EXT-X-DISCONTINUITY tags before it. */
  readonly discontinuities: number;
  /** Timeline ms. */
  readonly startMs: number;
  readonly endMs: number;
}

export interface LiveGap extends Line {
  readonly type: 'gap';
}

export interface LiveSegment extends Line {
  readonly type: 'segment';
  readonly of: LiveEpoch;
  readonly seq: number;
  readonly parts: readonly LivePart[];
  /** It came whole, from an earlier process: where its parts began is not known. */
  readonly isRestored: boolean;
  readonly isWhole: boolean;
}

/** A line of the playlist. */
export type LiveEntry = LiveGap | LiveSegment;

type Growing = { -readonly [K in keyof LiveSegment]: LiveSegment[K] } & { parts: LivePart[] };

/**
 * Takes parts in, and knows at each moment which segments and parts a playlist names. Numbers depend only on what was recorded, so an
 * earlier process's segments, put in again, have the numbers that they had.
 */
export class LiveTrack {
  readonly #policy: LivePolicy;
  #entries: LiveEntry[] = [];
  /** Not in the playlist any more, for players that are late. */
  #retired: LiveSegment[] = [];
  readonly #inits = new Map<number, Uint8Array>();
  #epoch: LiveEpoch | null = null;
  #nextSeq = 0;
  #open: Growing | null = null;
  #lastMsn = -1;
  #lastOrdinal: number | null = null;
  #endMs: number | null = null;
  #isEnded = false;

  constructor(policy: LivePolicy = LIVE_POLICY) {
    this.#policy = policy;
  }

  get policy(): LivePolicy {
    return this.#policy;
  }

  /** What the playlist names, oldest first; the last segment may still grow. */
  get entries(): readonly LiveEntry[] {
    return this.#entries;
  }

  /** The epoch of which the next part would be, or the latest one. */
  get epoch(): LiveEpoch | null {
    return this.#epoch;
  }

  /** No more will come. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The last number and the last part of it; a part of −1: it has none that is named. Null before anything came. */
  get position(): { readonly msn: number; readonly part: number } | null {
    const last = this.#entries.at(-1);
    return last === undefined
      ? null
      : { msn: last.msn, part: last.type === 'gap' ? -1 : last.parts.length - 1 };
  }

  /** The part that comes next, unless it opens a new segment. Null while no segment is open. */
  get nextPart(): { readonly segment: LiveSegment; readonly part: number } | null {
    return this.#open === null ? null : { segment: this.#open, part: this.#open.parts.length };
  }

  /** A recorder begins: the following parts are this epoch's. */
  begin(epoch: LiveEpoch): void {
    this.close();
    this.#epoch = epoch;
    this.#nextSeq = 0;
    this.#inits.set(epoch.epoch, epoch.init);
  }

  /** @throws Error where no epoch has begun */
  append({ startMs, endMs, independent, opensSegment, bytes }: RecordedPart): void {
    const of = this.#current();
    if (opensSegment || this.#open === null) this.#openSegment(of, of.startMs + startMs, this.#nextSeq);
    const open = this.#open;
    if (open === null) return;
    open.parts.push({ durationMs: endMs - startMs, independent, bytes });
    open.endMs = of.startMs + endMs;
    this.#endMs = open.endMs;
  }

  /** Puts in what an earlier process has recorded, in order. @throws Error where no epoch has begun */
  restore({ seq, startMs, endMs, bytes }: RestoredSegment): void {
    const of = this.#current();
    this.#skipLost(of.startMs + startMs, seq - this.#nextSeq);
    this.#openSegment(of, of.startMs + startMs, seq, true);
    const open = this.#open;
    if (open === null) return;
    open.endMs = of.startMs + endMs;
    this.#endMs = open.endMs;
    this.close();
    if (bytes === null) this.#entries = [];
    else open.parts.push({ durationMs: endMs - startMs, independent: true, bytes });
  }

  /** The open segment is whole; nothing of this epoch follows. */
  close(): void {
    if (this.#open !== null) this.#open.isWhole = true;
    this.#open = null;
  }

  /** The broadcast is over. */
  end(): void {
    this.close();
    this.#isEnded = true;
  }

  /** Whether a playlist now has this part of this segment (without `part`: all of it), or anything later. */
  has(msn: number, part?: number): boolean {
    if (this.#isEnded || msn < this.#lastMsn) return true;
    const last = this.#entries.at(-1);
    if (msn > this.#lastMsn || last === undefined) return false;
    if (last.type === 'gap') return part === undefined;
    // A part after the last one of a whole segment is the first one of the next.
    return part === undefined ? last.isWhole : part < last.parts.length;
  }

  /** Whether this number lies further ahead than anyone may wait for. */
  isTooFar(msn: number): boolean {
    return msn > this.#lastMsn + 2;
  }

  /** A segment by its name in the manifest, as long as its bytes are kept. */
  find(epoch: number, seq: number): LiveSegment | undefined {
    const isIt = (entry: LiveEntry): boolean =>
      entry.type === 'segment' && entry.of.epoch === epoch && entry.seq === seq;
    const found = this.#entries.findLast(isIt) ?? this.#retired.findLast(isIt);
    return found?.type === 'segment' ? found : undefined;
  }

  init(epoch: number): Uint8Array | undefined {
    return this.#inits.get(epoch);
  }

  #current(): LiveEpoch {
    if (this.#epoch === null) throw new Error('no epoch has begun');
    return this.#epoch;
  }

  #openSegment(of: LiveEpoch, startMs: number, seq: number, isRestored = false): void {
    this.close();
    this.#fillTo(startMs);
    const line = this.#line(startMs, startMs, of.ordinal);
    const open: Growing = { ...line, type: 'segment', of, seq, parts: [], isRestored, isWhole: false };
    this.#nextSeq = seq + 1;
    this.#open = open;
    this.#push(open);
  }

  /** Each lost segment keeps its number. */
  #skipLost(untilMs: number, count: number): void {
    if (count <= 0) return;
    this.#fill(this.#endMs ?? untilMs, untilMs, count);
    this.#endMs = untilMs;
  }

  /** What is missing, but no more of it than the window shows. */
  #fillTo(startMs: number): void {
    const fromMs = this.#endMs ?? startMs;
    const { targetMs, windowMs } = this.#policy;
    if (startMs - fromMs <= CLOSED_HOLE_MS) return;
    const count = Math.min(Math.ceil((startMs - fromMs) / targetMs), Math.ceil(windowMs / targetMs));
    this.#fill(Math.max(fromMs, startMs - count * targetMs), startMs, count);
  }

  /** Gaps of equal length; they belong to the epoch before them. */
  #fill(fromMs: number, toMs: number, count: number): void {
    const edge = (at: number): number => fromMs + Math.round(((toMs - fromMs) * at) / count);
    for (let at = 0; at < count; at += 1) {
      const ordinal = this.#lastOrdinal ?? this.#current().ordinal;
      this.#push({ ...this.#line(edge(at), edge(at + 1), ordinal), type: 'gap' });
    }
  }

  #line(startMs: number, endMs: number, ordinal: number): Line {
    const discontinuities = ordinal - (this.#lastOrdinal ?? ordinal);
    this.#lastOrdinal = ordinal;
    this.#lastMsn += 1;
    return { msn: this.#lastMsn, ordinal, discontinuities, startMs, endMs };
  }

  #push(entry: LiveEntry): void {
    this.#entries.push(entry);
    while (this.#isFirstSpare(entry.startMs)) this.#retireFirst();
    const { windowMs, keptMs } = this.#policy;
    this.#retired = this.#retired.filter(({ endMs }) => entry.startMs - endMs < windowMs + keptMs);
  }

  /** A gap at the beginning tells nobody anything. */
  #isFirstSpare(nowMs: number): boolean {
    const [first, second] = this.#entries;
    if (first === undefined || second === undefined) return false;
    const { windowMs, minSegments } = this.#policy;
    return (
      first.type === 'gap' || (this.#entries.length > minSegments + 1 && nowMs - second.startMs >= windowMs)
    );
  }

  #retireFirst(): void {
    const first = this.#entries.shift();
    if (first?.type === 'segment' && first.parts.length > 0) this.#retired.push(first);
  }
}
