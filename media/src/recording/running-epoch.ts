import type { EpochSink } from './ports.ts';

/** A recorder at work. */
export interface RunningEpoch {
  /** Ends it in order: the last part is flushed and `sink.ended` was called when this resolves. */
  stop(): Promise<void>;
}

/**
 * Starts recording a source into a sink. `onDied` is called at most once, after `sink.ended('killed')`.
 * @throws if it could not start; then nothing runs
 */
export type StartEpoch<Source> = (
  source: Source,
  sink: EpochSink,
  onDied: (error: unknown) => void,
) => Promise<RunningEpoch>;
