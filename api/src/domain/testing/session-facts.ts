import type { Claim } from '../claims.ts';
import type { SegmentEvidence } from '../delivery.ts';
import type { SessionFacts } from '../judge-session.ts';

/** 10:00 in Shanghai on 1 November 2026. */
export const OPENED = Date.UTC(2026, 10, 1, 2);
export const HOUR = 3_600_000;
export const SEGMENT = 4_000;

export const clock = (fromMs: number, toMs: number) => ({ fromMs: OPENED + fromMs, toMs: OPENED + toMs });
export const at = (fromMs: number, toMs: number) => ({ fromMs, toMs });

export interface Play {
  hidden?: boolean;
  rate?: number;
  mediaFromMs?: number;
  arrivedMs?: number;
}
export const played = (fromMs: number, toMs: number, more: Play = {}): Claim => {
  const { rate = 1, mediaFromMs = fromMs, hidden = false, arrivedMs = toMs } = more;
  const media = at(mediaFromMs, mediaFromMs + Math.round((toMs - fromMs) * rate));
  return { did: 'played', clock: clock(fromMs, toMs), media, hidden, arrivedAtMs: OPENED + arrivedMs };
};
export const still = (did: 'paused' | 'stalled', fromMs: number, toMs: number): Claim => ({
  did,
  clock: clock(fromMs, toMs),
  arrivedAtMs: OPENED + toMs,
});

/** Segments over a timeline, all asked for at `requestedMs` of the session. */
export const segments = (toMs: number, change: Partial<SegmentEvidence> = {}): SegmentEvidence[] =>
  Array.from({ length: Math.ceil(toMs / SEGMENT) }, (_, i) => ({
    media: at(i * SEGMENT, (i + 1) * SEGMENT),
    requestedAtMs: OPENED,
    proven: true,
    ...change,
  }));

export const library = (change: Partial<SessionFacts> = {}): SessionFacts => ({
  openedAtMs: OPENED,
  closedAtMs: null,
  claims: [],
  tenures: [{ fromMs: OPENED, toMs: OPENED + 100 * HOUR }],
  evidence: { by: 'hls', segments: segments(600_000) },
  lineage: { recorded: [at(0, 600_000)], isFinal: true, timelineZeroAtMs: null, withdrawnAtMs: null },
  accepted: [],
  countedMedia: [],
  countedClockByDay: new Map(),
  ...change,
});
