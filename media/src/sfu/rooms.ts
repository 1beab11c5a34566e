import { Inject, Injectable } from '@nestjs/common';
import type { BroadcastCommand } from '@yike/contracts/control/commands';
import { EventOutbox } from '../control/event-outbox.ts';
import { LOG, type Log } from '../platform/logger.ts';
import { Metrics } from '../platform/metrics.ts';
import { RECORDING, type RecordingPort } from './recording-port.ts';
import { RoomMedia } from './room-media.ts';
import { RoomReports } from './room-reports.ts';
import { Room, type RoomClosedReason } from './room.ts';
import { TranscodeSlots } from './transcode-slots.ts';
import { WorkerPool } from './worker-pool.ts';

interface Entry {
  readonly room: Room;
  readonly reports: RoomReports;
}

/** The open rooms of this node, by broadcast. Control opens and closes them; pages only come in. */
@Injectable()
export class Rooms {
  readonly #pool: WorkerPool;
  readonly #transcodes: TranscodeSlots;
  readonly #recording: RecordingPort;
  readonly #events: EventOutbox;
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();

  constructor(
    pool: WorkerPool,
    transcodes: TranscodeSlots,
    @Inject(RECORDING) recording: RecordingPort,
    events: EventOutbox,
    metrics: Metrics,
    @Inject(LOG) log: Log,
  ) {
    this.#pool = pool;
    this.#transcodes = transcodes;
    this.#recording = recording;
    this.#events = events;
    this.#log = log;
    metrics.watch(() => ({
      rooms: this.#entries.size,
      peers: this.#sum('peers'),
      consumers: this.#sum('consumers'),
    }));
  }

  find(broadcastId: string): Room | undefined {
    return this.#entries.get(broadcastId)?.room;
  }

  /** Idempotent for one broadcast, as long as the calls for it come one after another. */
  async open(command: BroadcastCommand): Promise<void> {
    const { broadcastId } = command;
    const known = this.#entries.get(broadcastId);
    if (known) {
      known.reports.follow(command);
      return;
    }
    const room = await Room.create(broadcastId, {
      acquireMedia: () => RoomMedia.create(this.#pool.leastLoaded()),
      transcodes: this.#transcodes,
    });
    const deps = { recording: this.#recording, events: this.#events, log: this.#log };
    this.#entries.set(broadcastId, { room, reports: new RoomReports(room, command, deps) });
    this.#log.info({ broadcastId }, 'room opened');
  }

  /** Tells the peers, and resolves when the last deliveries are reported. */
  async close(broadcastId: string, reason: RoomClosedReason): Promise<void> {
    const entry = this.#entries.get(broadcastId);
    if (!entry) return;
    this.#entries.delete(broadcastId);
    entry.room.close(reason);
    await entry.reports.close();
    this.#log.info({ broadcastId, reason }, 'room closed');
  }

  async closeAll(reason: RoomClosedReason): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((id) => this.close(id, reason)));
  }

  #sum(what: 'peers' | 'consumers'): number {
    const peers = [...this.#entries.values()].flatMap(({ room }) => room.peers);
    return what === 'peers' ? peers.length : peers.reduce((sum, peer) => sum + peer.consumerCount, 0);
  }
}
