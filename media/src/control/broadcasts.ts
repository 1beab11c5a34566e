import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { BroadcastCommand, BroadcastStatus } from '@yike/contracts/control/commands';
import { LOG, type Log } from '../platform/logger.ts';
import { Refusal } from '../platform/refusal.ts';
import { RECORDING, type RecordingPort } from '../sfu/recording-port.ts';
import type { Room } from '../sfu/room.ts';
import { Rooms } from '../sfu/rooms.ts';

interface Entry {
  command: BroadcastCommand;
  state: BroadcastStatus['state'];
}

/** Closed broadcasts that are remembered, so that late pages hear that it has ended. */
const REMEMBERED = 500;
const LOOK_EVERY_MS = 50;

/** The broadcasts of this node: brings rooms and recordings into the state that the API wants. Every command is idempotent. */
@Injectable()
export class Broadcasts {
  readonly #rooms: Rooms;
  readonly #recording: RecordingPort;
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();
  /** Commands for one broadcast, one after another. */
  readonly #work = new Map<string, Promise<unknown>>();
  #changed: () => void = () => undefined;
  #hasReconciled = false;
  #isDraining = false;

  constructor(rooms: Rooms, @Inject(RECORDING) recording: RecordingPort, @Inject(LOG) log: Log) {
    this.#rooms = rooms;
    this.#recording = recording;
    this.#log = log;
  }

  /** Called whenever a broadcast was opened or is closed for good. */
  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  /** Ids of the broadcasts whose rooms are open. */
  get open(): string[] {
    return [...this.#entries].filter(([, { state }]) => state === 'open').map(([id]) => id);
  }

  /**
   * Opens what an earlier process of this node had open, before the API has spoken (it may be away): pages come back by
   * their resume tokens. What the API does not want any more it closes by its first reply.
   */
  async takeUp(commands: readonly BroadcastCommand[]): Promise<void> {
    await this.#applyAll(commands);
  }

  /** From now on nobody comes in: the process goes down. */
  drain(): void {
    this.#isDraining = true;
  }

  /**
   * Waits until a new process has heard what it should carry, but no longer, and not for what it carries already: pages
   * come back before the API has spoken.
   */
  async settled(broadcastId: string, withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    const isOpen = (): boolean => this.#hasReconciled || this.#rooms.find(broadcastId) !== undefined;
    while (!isOpen() && performance.now() < until) await sleep(LOOK_EVERY_MS, undefined, { ref: false });
  }

  /**
   * The open room of a broadcast.
   * @throws Refusal `broadcast-ended`; `service-unavailable` while a new process does not know yet what it carries, and while
   *   it goes down; `broadcast-not-live` for what it knows that it does not carry
   */
  roomFor(broadcastId: string): Room {
    if (this.#isDraining)
      throw new Refusal('service-unavailable', 'the node goes down', { retryAfterSeconds: 2 });
    const room = this.#rooms.find(broadcastId);
    if (room) return room;
    if (this.#entries.has(broadcastId)) throw new Refusal('broadcast-ended');
    if (this.#hasReconciled) throw new Refusal('broadcast-not-live');
    throw new Refusal('service-unavailable', 'the node has just been started', { retryAfterSeconds: 1 });
  }

  /** Undefined for a broadcast that this process has never had. */
  status(broadcastId: string): BroadcastStatus | undefined {
    const entry = this.#entries.get(broadcastId);
    if (!entry) return undefined;
    const room = this.#rooms.find(broadcastId);
    return {
      broadcastId: entry.command.broadcastId,
      state: entry.state,
      publisher: room?.state.publisher ?? 'absent',
      viewers: room?.viewers ?? 0,
      lastEpoch: this.#recording.status(broadcastId).lastEpoch,
    };
  }

  /**
   * Opens or closes; resolves when an open room is open, and as soon as a closing one is closed to pages.
   * @throws Refusal `stale-epoch` for an earlier placement than the known one; `broadcast-ended` to open what this placement has closed
   */
  apply(command: BroadcastCommand): Promise<void> {
    const { broadcastId } = command;
    const before = this.#work.get(broadcastId) ?? Promise.resolve();
    const work = before.then(() => (command.state === 'open' ? this.#open(command) : this.#close(command)));
    const settled = work.catch(() => undefined);
    this.#work.set(broadcastId, settled);
    void settled.then(() => {
      if (this.#work.get(broadcastId) === settled) this.#work.delete(broadcastId);
    });
    return work;
  }

  /**
   * Brings all into the state that a heartbeat's reply names. Rooms in `unwanted` are closed: the broadcast is another node's.
   * One command that fails doesn't hold up the others; the next reply brings it again.
   */
  async reconcile(wanted: readonly BroadcastCommand[], unwanted: readonly string[]): Promise<void> {
    const moved = unwanted.flatMap((id): BroadcastCommand[] => {
      const command = this.#entries.get(id)?.command;
      return command ? [{ ...command, state: 'closed', closeReason: 'moved' }] : [];
    });
    await this.#applyAll([...wanted, ...moved]);
    this.#hasReconciled = true;
  }

  async #applyAll(commands: readonly BroadcastCommand[]): Promise<void> {
    for (const command of commands) {
      try {
        await this.apply(command);
      } catch (error) {
        const { broadcastId, state } = command;
        this.#log.warn({ err: error, broadcastId, state }, 'a wanted state could not be reached');
      }
    }
  }

  async #open(command: BroadcastCommand): Promise<void> {
    const { broadcastId, firstEpoch } = command;
    const known = this.#entries.get(broadcastId);
    if (known && firstEpoch < known.command.firstEpoch) throw new Refusal('stale-epoch');
    const isSamePlacement = known?.command.firstEpoch === firstEpoch;
    if (known?.state === 'open' && isSamePlacement) return;
    if (isSamePlacement) throw new Refusal('broadcast-ended');
    this.#recording.open(command);
    await this.#rooms.open(command);
    this.#remember({ command, state: 'open' });
    this.#changed();
  }

  async #close(command: BroadcastCommand): Promise<void> {
    const { broadcastId, firstEpoch } = command;
    const known = this.#entries.get(broadcastId);
    if (known && firstEpoch < known.command.firstEpoch) throw new Refusal('stale-epoch');
    if (known && known.state !== 'open') return;
    const entry: Entry = { command, state: 'closing' };
    this.#remember(entry);
    await this.#rooms.close(broadcastId, command.closeReason ?? 'ended');
    void this.#finish(entry);
  }

  /** Storage may be away for long: nobody waits for this. */
  async #finish(entry: Entry): Promise<void> {
    const { broadcastId } = entry.command;
    try {
      await this.#recording.close(entry.command);
      entry.state = 'closed';
      this.#log.info({ broadcastId }, 'broadcast closed');
    } catch (error) {
      // Forgotten, so that the next command to close it tries again.
      if (this.#entries.get(broadcastId) === entry) this.#entries.delete(broadcastId);
      this.#log.error({ err: error, broadcastId }, 'the recording could not be finished');
    }
    this.#changed();
  }

  #remember(entry: Entry): void {
    this.#entries.set(entry.command.broadcastId, entry);
    if (this.#entries.size <= REMEMBERED) return;
    const closed = [...this.#entries].find(([, { state }]) => state === 'closed');
    if (closed) this.#entries.delete(closed[0]);
  }
}
