import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BroadcastCommand } from '@yike/contracts/control/commands';
import type { BroadcastHealth } from '@yike/contracts/signaling/room';
import { manifestKey, recordingPlace } from '@yike/storage/keys';
import type { ObjectStore } from '@yike/storage/object-store';
import type { Logger } from 'pino';
import { type BroadcastFacts, writeBroadcastFacts } from './broadcast-file.ts';
import { EpochRecording } from './epoch-recording.ts';
import { LiveTee, restoreLive } from './live-tee.ts';
import type { EventSink, LiveOutput, LiveOutputs } from './ports.ts';
import { restartDelayMs } from './restart-delay.ts';
import type { RunningEpoch, StartEpoch } from './running-epoch.ts';
import { UploadLane } from './upload-lane.ts';

const EPOCHS_IN_A_BLOCK = 1000;
/** What a process that goes down gives its uploads; the rest waits in the spool. */
const DRAIN_MS = 3_000;

export interface BroadcastRecorderDeps<Source> {
  readonly store: ObjectStore;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly startEpoch: StartEpoch<Source>;
  /** Who watches live; nobody where absent. */
  readonly live?: LiveOutputs | undefined;
  readonly now: () => number;
}

interface Running<Source> {
  readonly source: Source;
  readonly recording: EpochRecording;
  readonly epoch: RunningEpoch;
  readonly sinceMs: number;
}

/**
 * One broadcast's recording on this node: an epoch for each time that media flows, the next one at once when a recorder
 * dies, uploads all the while, and the completion when all of it is stored.
 */
export class BroadcastRecorder<Source> {
  readonly #deps: BroadcastRecorderDeps<Source>;
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #lanes: Record<'video' | 'audio', UploadLane>;
  readonly #epochs: EpochRecording[] = [];
  readonly #stop = new AbortController();
  readonly #live: LiveOutput | undefined;
  #facts: BroadcastFacts;
  #source: Source | null = null;
  #running: Running<Source> | null = null;
  #settling: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #deaths = 0;

  private constructor(deps: BroadcastRecorderDeps<Source>, folder: string, facts: BroadcastFacts) {
    this.#deps = deps;
    this.#folder = folder;
    this.#facts = facts;
    this.#logger = deps.logger.child({ broadcastId: facts.broadcastId });
    this.#live = deps.live?.open(facts.broadcastId);
    const { store } = deps;
    this.#lanes = { video: new UploadLane(store, this.#logger), audio: new UploadLane(store, this.#logger) };
  }

  /** For a broadcast that this node has not seen yet. */
  static open<S>(
    deps: BroadcastRecorderDeps<S>,
    folder: string,
    command: BroadcastCommand,
  ): BroadcastRecorder<S> {
    const { broadcastId, recordingId, firstEpoch, timelineZeroAtMs } = command;
    const facts = { broadcastId, recordingId, firstEpoch, nextEpoch: firstEpoch, timelineZeroAtMs } as const;
    const openedAtMs = Math.round(deps.now());
    const recorder = new BroadcastRecorder(deps, folder, { ...facts, state: 'open', openedAtMs });
    recorder.#save({});
    return recorder;
  }

  /** Takes up what an earlier process left in the spool; a broadcast that was closing goes on closing. */
  static recover<S>(
    deps: BroadcastRecorderDeps<S>,
    folder: string,
    facts: BroadcastFacts,
  ): BroadcastRecorder<S> {
    const recorder = new BroadcastRecorder(deps, folder, facts);
    recorder.#recoverEpochs();
    if (facts.state !== 'open') void recorder.close(facts.state);
    return recorder;
  }

  get lastEpoch(): number | null {
    return this.#facts.nextEpoch > this.#facts.firstEpoch ? this.#facts.nextEpoch - 1 : null;
  }

  get isClosing(): boolean {
    return this.#closing !== null;
  }

  get savedMs(): number {
    return this.#epochs.reduce((sum, epoch) => sum + epoch.storedMs, 0);
  }

  get waitingBytes(): number {
    return this.#lanes.video.waitingBytes + this.#lanes.audio.waitingBytes;
  }

  get state(): BroadcastHealth['recording'] {
    if (this.#epochs.some((epoch) => epoch.isDamaged)) return 'degraded';
    if (this.#lanes.video.isStalled || this.#lanes.audio.isStalled) return 'waiting';
    if (this.#source === null) return 'off';
    return this.#running && this.#epochs.at(-1)?.hasMedia ? 'running' : 'starting';
  }

  /** The API granted a block, perhaps a new one: epochs only ever rise. */
  grant({ firstEpoch, timelineZeroAtMs }: BroadcastCommand): void {
    if (firstEpoch <= this.#facts.firstEpoch) return;
    this.#save({
      firstEpoch,
      nextEpoch: firstEpoch,
      timelineZeroAtMs: this.#facts.timelineZeroAtMs ?? timelineZeroAtMs,
    });
  }

  /** Media flows from here; `null`: nobody publishes. An epoch belongs to one source. */
  record(source: Source | null): void {
    if (this.isClosing && source !== null) return;
    this.#source = source;
    this.#deaths = 0;
    void this.#settle();
  }

  /**
   * Ends it: everything is stored, manifests are final, `recording.completed` is in the outbox, and the spool folder is gone. While storage
   * is away this waits. Idempotent.
   * @param as `leaving`: the broadcast goes on at another node, whose completion it will be
   */
  close(as: 'closing' | 'leaving' = 'closing'): Promise<void> {
    this.#closing ??= this.#close(as);
    return this.#closing;
  }

  /** The process goes down: the recorder stops cleanly, the spool stays for the next start. */
  async shutdown(): Promise<void> {
    this.#source = null;
    await this.#settle();
    await Promise.all(this.#epochs.map((epoch) => epoch.ended));
    const { video, audio } = this.#lanes;
    await Promise.race([Promise.all([video.drained(), audio.drained()]), sleep(DRAIN_MS)]);
    this.#stop.abort();
    for (const part of [video, audio, ...this.#epochs]) part.close();
  }

  async #close(as: 'closing' | 'leaving'): Promise<void> {
    this.#save({ state: as });
    this.#source = null;
    try {
      await this.#settle();
      this.#live?.end();
      for (const epoch of this.#epochs) await epoch.finish(this.#stop.signal);
      if (as === 'closing') await this.#tellCompleted();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      throw error;
    }
    for (const epoch of this.#epochs) epoch.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #tellCompleted(): Promise<void> {
    const { broadcastId, recordingId, timelineZeroAtMs } = this.#facts;
    const whole = this.#epochs.flatMap(({ epoch, spool }) => {
      const final = spool.index.final;
      return final ? [{ epoch, manifestKey: manifestKey(spool.place), ...final }] : [];
    });
    await this.#deps.events.emit({
      type: 'recording.completed',
      broadcastId,
      recordingId,
      epoch: this.lastEpoch ?? this.#facts.firstEpoch,
      timelineZeroAtMs,
      degraded: this.#epochs.some((epoch) => epoch.isDamaged),
      epochs: whole.map(({ epoch, manifestKey: key, manifestSha256, segments }) => ({
        epoch,
        manifestKey: key,
        manifestSha256,
        segments,
      })),
    });
  }

  /** Brings the running epoch to what is wanted. One at a time; whoever calls meanwhile waits for the same end. */
  #settle(): Promise<void> {
    this.#settling ??= this.#settleNow().finally(() => {
      this.#settling = null;
    });
    return this.#settling;
  }

  async #settleNow(): Promise<void> {
    while ((this.#running?.source ?? null) !== this.#source) {
      if (this.#running) {
        const { epoch } = this.#running;
        this.#running = null;
        await epoch.stop();
      } else if (this.#source !== null) {
        await this.#begin(this.#source);
      }
    }
  }

  async #begin(source: Source): Promise<void> {
    await sleep(restartDelayMs(this.#deaths));
    if (this.#source !== source) return;
    let recording: EpochRecording | undefined;
    try {
      recording = this.#newEpoch();
      const epoch = await this.#start(source, recording);
      this.#running = { source, recording, epoch, sinceMs: this.#deps.now() };
    } catch (error) {
      this.#deaths += 1;
      recording?.spool.ended('killed');
      this.#logger.error({ err: error, epoch: this.lastEpoch }, 'the recorder did not start');
    }
  }

  /** @throws also when the recorder dies before it was said to run */
  #start(source: Source, recording: EpochRecording): Promise<RunningEpoch> {
    return new Promise((resolve, reject) => {
      const onDied = (error: unknown): void => {
        reject(new Error('the recorder died at its start', { cause: error }));
        if (this.#running?.recording === recording) this.#died(this.#running, error);
      };
      const { spool } = recording;
      const sink = this.#live ? new LiveTee(spool, this.#live, this.#logger) : spool;
      this.#deps.startEpoch(source, sink, onDied).then(resolve, reject);
    });
  }

  #died({ sinceMs }: Running<Source>, error: unknown): void {
    this.#logger.error({ err: error, epoch: this.lastEpoch }, 'the recorder died; the next epoch begins');
    this.#deaths = this.#deps.now() - sinceMs > 10_000 ? 0 : this.#deaths + 1;
    this.#running = null;
    void this.#settle();
  }

  #newEpoch(): EpochRecording {
    const { nextEpoch, firstEpoch, recordingId } = this.#facts;
    if (nextEpoch >= firstEpoch + EPOCHS_IN_A_BLOCK) throw new Error('this block of epochs is used up');
    this.#save({ nextEpoch: nextEpoch + 1 });
    const recording = EpochRecording.begin(this.#epochDeps(), {
      folder: path.join(this.#folder, String(nextEpoch)),
      place: recordingPlace(recordingId, nextEpoch),
      anchor: (zeroAtMs) => this.#anchor(nextEpoch, zeroAtMs),
    });
    this.#epochs.push(recording);
    return recording;
  }

  #recoverEpochs(): void {
    const names = existsSync(this.#folder) ? readdirSync(this.#folder) : [];
    const epochs = names.filter((name) => /^\d+$/.test(name)).map(Number);
    for (const epoch of epochs.sort((a, b) => a - b)) {
      const recording = EpochRecording.recover(this.#epochDeps(), {
        folder: path.join(this.#folder, String(epoch)),
        place: recordingPlace(this.#facts.recordingId, epoch),
        anchor: (zeroAtMs) => this.#anchor(epoch, zeroAtMs),
      });
      this.#epochs.push(recording);
      if (this.#live) restoreLive(recording.spool, this.#live);
      this.#logger.info({ epoch, waitingBytes: this.waitingBytes }, 'took up an epoch from the spool');
    }
  }

  /** The first epoch of a recording defines the timeline's 0. */
  #anchor(epoch: number, zeroAtMs: number): { timelineZeroAtMs: number; epochStartMs: number } {
    const wallMs = Math.round(zeroAtMs);
    if (this.#facts.timelineZeroAtMs === null) this.#save({ timelineZeroAtMs: wallMs });
    const timelineZeroAtMs = this.#facts.timelineZeroAtMs ?? wallMs;
    const epochStartMs = Math.max(0, wallMs - timelineZeroAtMs);
    const { broadcastId, recordingId } = this.#facts;
    this.#deps.events
      .emit({
        type: 'recording.epoch-started',
        broadcastId,
        recordingId,
        epoch,
        timelineZeroAtMs,
        epochStartMs,
      })
      .catch((error: unknown) => this.#logger.error({ err: error }, 'the outbox did not take the anchor'));
    return { timelineZeroAtMs, epochStartMs };
  }

  #epochDeps() {
    const { broadcastId, recordingId } = this.#facts;
    const { store, events } = this.#deps;
    return { store, events, lanes: this.#lanes, logger: this.#logger, event: { broadcastId, recordingId } };
  }

  #save(change: Partial<BroadcastFacts>): void {
    this.#facts = { ...this.#facts, ...change };
    writeBroadcastFacts(this.#folder, this.#facts);
  }
}
