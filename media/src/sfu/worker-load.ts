/** What one look at a worker told. */
export interface WorkerSample {
  /** Share of one core that it used since the look before. */
  readonly cpuShare: number;
  /** How long it took to answer. */
  readonly answerMs: number;
  /** Its consumers at the time. */
  readonly consumers: number;
}

/** One core carries about 240 viewers of 1.4 Mbit/s, two consumers each (measured, ADR 12): this is a consumer's share of it. */
const SHARE_PER_CONSUMER = 0.002;
/** Below so many, a worker's own share tells nothing about what a consumer costs. */
const ENOUGH_CONSUMERS = 40;
/** A worker has one thread: above this its packets begin to wait for one another. */
const MOST_CPU_SHARE = 0.8;
/** A worker that is asked while it is busy, or starved by others, answers late. One late answer says nothing. */
const LATEST_ANSWER_MS = 300;
const LOOKS = 3;

/** The samples that count, the newest last. */
export const remember = (samples: readonly WorkerSample[], sample: WorkerSample): WorkerSample[] =>
  [...samples, sample].slice(-LOOKS);

/**
 * 0–1 of what a worker can carry, above 1 when it carries more: by the CPU that it uses, with what those who came since the
 * last look will cost; by how late it answers; and by a count that is never exceeded.
 * @param samples the latest, oldest first; empty for a worker that has just begun
 */
export function loadOf(samples: readonly WorkerSample[], consumers: number, mostConsumers: number): number {
  const newest = samples.at(-1) ?? { cpuShare: 0, answerMs: 0, consumers: 0 };
  const isTelling = newest.consumers >= ENOUGH_CONSUMERS;
  const cost = isTelling ? newest.cpuShare / newest.consumers : SHARE_PER_CONSUMER;
  const cpuShare = newest.cpuShare + Math.max(0, consumers - newest.consumers) * cost;
  const leastAnswerMs = samples.length < LOOKS ? 0 : Math.min(...samples.map(({ answerMs }) => answerMs));
  return Math.max(cpuShare / MOST_CPU_SHARE, leastAnswerMs / LATEST_ANSWER_MS, consumers / mostConsumers);
}
