import type { BroadcastCommand } from '@yike/contracts/control/commands';
import type { BroadcastHealth } from '@yike/contracts/signaling/room';
import type { Producer, Router } from 'mediasoup/types';

/** What the publisher sends now, and the router where it can be had. */
export interface RecordingSource {
  readonly router: Router;
  readonly producers: { readonly audio?: Producer; readonly video?: Producer };
}

export interface RecordingStatus {
  readonly recording: BroadcastHealth['recording'];
  /** Timeline length that storage has confirmed. */
  readonly savedMs: number;
  /** Bytes that wait in the spool. */
  readonly waitingBytes: number;
  /** Null before the first epoch. */
  readonly lastEpoch: number | null;
}

/** Injection token of the recorder. */
export const RECORDING = Symbol('recorder');

/** The recorder as rooms and control see it. */
export interface RecordingPort {
  /** Makes ready to record a broadcast; idempotent; a later placement brings a later block of epochs. */
  open(command: BroadcastCommand): void;
  /** A set of producers is stable: record it in a new epoch, in place of the one before. */
  publish(broadcastId: string, source: RecordingSource): void;
  /** The producers are gone: ends the epoch. */
  unpublish(broadcastId: string): void;
  /**
   * Final: resolves when the manifests are whole and `recording.completed` is in the outbox (which the other node sends where the
   * broadcast has `moved`). Idempotent; also after a restart.
   */
  close(command: BroadcastCommand): Promise<void>;
  status(broadcastId: string): RecordingStatus;
  /** At start: takes up what an earlier process left in the spool. Returns what was open then, to be opened again. */
  recover(): readonly BroadcastCommand[];
  /** At the end of the process: ends the epochs cleanly, leaves the broadcasts open. */
  shutdown(): Promise<void>;
}
