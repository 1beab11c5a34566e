import type { DeliveryLine } from '@yike/contracts/control/events';

/** All bytes sent to one viewer so far, at a moment of the server's wall clock. */
export interface DeliverySample {
  readonly atMs: number;
  readonly bytes: number;
}
interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is known of one viewer's delivery since the last report. */
export interface DeliveryLog {
  readonly last: DeliverySample;
  readonly windows: readonly Window[];
  readonly bytes: number;
}

/** A line of a delivery report, but for whose it is. */
export type DeliveryReport = Omit<DeliveryLine, 'playbackId' | 'by'>;

/** A sample proves no more than this before it: a sampler that was stopped must not credit the whole pause. */
const MAX_REACH_MS = 5000;
/** The contract's bound. */
const MAX_WINDOWS = 20;

/** Begins when the first consumer is resumed. */
export const startDelivery = (first: DeliverySample): DeliveryLog => ({ last: first, windows: [], bytes: 0 });

/**
 * Bytes that grew since the last sample were delivered between the two. A clock that stands or goes back, or a counter
 * that fell (a new transport), only sets a new beginning.
 * @param reachMs how far back this sample proves at most
 */
export function sampleDelivery(
  log: DeliveryLog,
  sample: DeliverySample,
  reachMs = MAX_REACH_MS,
): DeliveryLog {
  const grown = sample.bytes - log.last.bytes;
  if (grown <= 0 || sample.atMs <= log.last.atMs) return { ...log, last: sample };
  const window = { fromMs: Math.max(log.last.atMs, sample.atMs - reachMs), toMs: sample.atMs };
  return { last: sample, windows: append(log.windows, window), bytes: log.bytes + grown };
}

/** What is to be reported, or null where nothing was delivered, and the log that goes on from here. */
export function drainDelivery(log: DeliveryLog): { report: DeliveryReport | null; rest: DeliveryLog } {
  const rest = { last: log.last, windows: [], bytes: 0 };
  return { report: log.windows.length === 0 ? null : { windows: [...log.windows], bytes: log.bytes }, rest };
}

/** Windows that touch are one; beyond the bound the oldest is dropped: less credit, never more. */
function append(windows: readonly Window[], window: Window): Window[] {
  const last = windows.at(-1);
  if (last?.toMs === window.fromMs) return [...windows.slice(0, -1), { ...last, toMs: window.toMs }];
  return [...windows, window].slice(-MAX_WINDOWS);
}
