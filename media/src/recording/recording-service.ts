import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BroadcastCommand } from '@yike/contracts/control/commands';
import type { BroadcastHealth } from '@yike/contracts/signaling/room';
import { type BroadcastFacts, readBroadcastFacts } from './broadcast-file.ts';
import { BroadcastRecorder, type BroadcastRecorderDeps } from './broadcast-recorder.ts';

export interface RecordingStatus {
  readonly recording: BroadcastHealth['recording'];
  readonly savedMs: number;
  readonly waitingBytes: number;
  readonly lastEpoch: number | null;
}

/** As long as a page may come back by its resume token; no lecture is longer. */
const REOPENED_WITHIN_MS = 12 * 3_600_000;

const OFF: RecordingStatus = { recording: 'off', savedMs: 0, waitingBytes: 0, lastEpoch: null };

/** All recordings of this node. The spool folder belongs to one node process at a time. */
export class RecordingService<Source> {
  readonly #deps: BroadcastRecorderDeps<Source>;
  readonly #root: string;
  readonly #recorders = new Map<string, BroadcastRecorder<Source>>();
  /** Completed by this process: a command that comes again must not complete an empty recording. */
  readonly #completed = new Set<string>();

  constructor(deps: BroadcastRecorderDeps<Source>, spoolFolder: string) {
    this.#deps = deps;
    this.#root = path.join(spoolFolder, 'recordings');
    mkdirSync(this.#root, { recursive: true });
  }

  /**
   * At start: whatever lies in the spool is uploaded, also for broadcasts that nobody will publish to again.
   * @returns those that were open when the earlier process went, and are young enough to be open still
   */
  recover(): BroadcastCommand[] {
    const open: BroadcastCommand[] = [];
    for (const name of readdirSync(this.#root)) {
      const folder = path.join(this.#root, name);
      const facts = readBroadcastFacts(folder);
      if (!facts) continue;
      this.#recorders.set(facts.broadcastId, BroadcastRecorder.recover(this.#deps, folder, facts));
      const isYoung = this.#deps.now() - facts.openedAtMs < REOPENED_WITHIN_MS;
      if (facts.state === 'open' && isYoung) open.push(commandOf(facts));
    }
    return open;
  }

  open(command: BroadcastCommand): void {
    const known = this.#recorders.get(command.broadcastId);
    if (known) {
      known.grant(command);
      return;
    }
    const folder = path.join(this.#root, command.recordingId);
    this.#recorders.set(command.broadcastId, BroadcastRecorder.open(this.#deps, folder, command));
  }

  publish(broadcastId: string, source: Source): void {
    this.#recorders.get(broadcastId)?.record(source);
  }

  unpublish(broadcastId: string): void {
    this.#recorders.get(broadcastId)?.record(null);
  }

  /** Resolves when the recording is whole in storage and its completion, if it is ours, in the outbox. */
  async close(command: BroadcastCommand): Promise<void> {
    const { broadcastId } = command;
    if (this.#completed.has(broadcastId)) return;
    this.open(command);
    await this.#recorders.get(broadcastId)?.close(command.closeReason === 'moved' ? 'leaving' : 'closing');
    this.#recorders.delete(broadcastId);
    if (command.closeReason !== 'moved') this.#completed.add(broadcastId);
  }

  status(broadcastId: string): RecordingStatus {
    const recorder = this.#recorders.get(broadcastId);
    if (!recorder) return OFF;
    const { state, savedMs, waitingBytes, lastEpoch } = recorder;
    return { recording: state, savedMs, waitingBytes, lastEpoch };
  }

  async shutdown(): Promise<void> {
    await Promise.all([...this.#recorders.values()].map((recorder) => recorder.shutdown()));
  }
}

/** What the API had commanded, as far as opening it again needs it. */
function commandOf({
  broadcastId,
  recordingId,
  firstEpoch,
  timelineZeroAtMs,
}: BroadcastFacts): BroadcastCommand {
  return { broadcastId, recordingId, state: 'open', firstEpoch, timelineZeroAtMs, closeReason: null };
}
