import { Inject, Injectable } from '@nestjs/common';
import type { BroadcastCommand as NodeCommand } from '@yike/contracts/control/commands';
import type { Broadcast } from '@yike/contracts/http/broadcasts';
import { BroadcastId, type LectureId, LineageId, type MediaNodeId, RecordingId } from '@yike/contracts/ids';
import type { BroadcastNews } from '@yike/contracts/realtime/viewing';
import type { Logger } from 'pino';
import { type BroadcastCommand, BroadcastEnded, decide } from '../../domain/broadcast.ts';
import { DomainError, NotFound } from '../../domain/domain-error.ts';
import type { Action } from '../../domain/policy/actions.ts';
import type { Actor } from '../../domain/policy/can.ts';
import { MediaNodesService, NoMediaNode } from '../../media-link/media-nodes.service.ts';
import { NodeCommands } from '../../media-link/node-commands.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Acts } from '../../platform/security/acts.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { type LectureFacts, LecturesService } from '../lectures/lectures.service.ts';
import { AdministrativeActs } from '../audit/administrative-acts.ts';
import { TimelineRecorder } from '../timelines/timeline-recorder.ts';
import { TimelinesService } from '../timelines/timelines.service.ts';
import { BroadcastNewsFeed } from './broadcast-news.feed.ts';
import { broadcastOf, columnsOf, factsOf, mirrorOf, wantedOf } from './broadcast-rows.ts';
import type { BroadcastEntity } from './broadcast.entity.ts';
import { BroadcastsRepository } from './broadcasts.repository.ts';

/** A cancelled lecture goes on air no more. */
class LectureCancelled extends DomainError {
  readonly code = 'wrong-state';
}

const DUE_AT_ONCE = 20;

/** What other features may know of a broadcast. */
export type BroadcastView = Readonly<
  Pick<BroadcastEntity, 'id' | 'lectureId' | 'recordingId' | 'state' | 'trimAt' | 'mediaNode' | 'closeReason'>
>;

/** Loads, lets the state machine decide, saves; and tells the node and the followers after the commit. */
@Injectable()
export class BroadcastsService {
  constructor(
    private readonly broadcasts: BroadcastsRepository,
    private readonly lectures: LecturesService,
    private readonly timelines: TimelinesService,
    private readonly recorder: TimelineRecorder,
    private readonly nodes: MediaNodesService,
    private readonly commands: NodeCommands,
    private readonly feed: BroadcastNewsFeed,
    private readonly acts: Acts,
    private readonly administration: AdministrativeActs,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly ids: Ids,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Places the broadcast and opens its room, or finds it running; where its node has fallen silent, it moves to another.
   * @throws NotFound, Forbidden, LectureCancelled, BroadcastEnded, NoMediaNode
   */
  async start(lectureId: LectureId, actor: Actor): Promise<Broadcast> {
    const broadcast = await this.unitOfWork.run(async (tx) => {
      const lecture = await this.lectures.lock(lectureId, tx);
      if (lecture === null) throw new NotFound('there is no such lecture');
      this.acts.allow(actor, 'broadcast.start', { ownerId: lecture.lecturerId });
      if (lecture.state === 'cancelled') throw new LectureCancelled('the lecture is cancelled');
      const running = await this.broadcasts.ofLecture(lectureId, tx);
      return running === null ? this.create(lecture, tx) : this.keepPlaced(running, tx);
    });
    await this.openRoom(broadcast);
    await this.announce(broadcast.id);
    return broadcastOf(broadcast);
  }

  /** Away from a node that goes down, to one that is ready. @throws NotFound, BroadcastEnded, NoMediaNode */
  async move(id: BroadcastId): Promise<BroadcastView> {
    const row = await this.unitOfWork.run(async (tx) => this.keepPlaced(await this.row(id, tx), tx));
    await this.openRoom(row);
    return row;
  }

  /** @throws NotFound */
  async get(id: BroadcastId): Promise<Broadcast> {
    return broadcastOf(await this.row(id, this.unitOfWork.reader));
  }

  /** Null for an unknown one. */
  view(id: BroadcastId, tx: Tx = this.unitOfWork.reader): Promise<BroadcastView | null> {
    return this.broadcasts.byId(id, tx);
  }

  /** Null before the lecturer first goes on air. */
  viewOfLecture(lectureId: LectureId, tx: Tx = this.unitOfWork.reader): Promise<BroadcastView | null> {
    return this.broadcasts.ofLecture(lectureId, tx);
  }

  /** Null for what is no lecture's recording. */
  viewOfRecording(recordingId: RecordingId, tx: Tx = this.unitOfWork.reader): Promise<BroadcastView | null> {
    return this.broadcasts.ofRecording(recordingId, tx);
  }

  /** @throws NotFound, Forbidden, BroadcastEnded, NotEnding */
  async commandAs(
    actor: Actor,
    action: Action,
    id: BroadcastId,
    command: BroadcastCommand,
  ): Promise<Broadcast> {
    const { lecturerId } = await this.lectureOf(id);
    this.acts.allow(actor, action, { ownerId: lecturerId });
    return this.command(id, command);
  }

  /** An administrator stops it at once. @throws NotFound */
  async stop(actor: SignedInUser, id: BroadcastId, reason: string): Promise<Broadcast> {
    const { orgUnitId } = await this.lectureOf(id);
    const act = { actor, action: 'broadcast.stop' as const, orgUnitId, reason };
    await this.administration.perform({ ...act, subject: { kind: 'broadcast', id } }, async (tx) => {
      const before = await this.row(id, tx);
      await this.apply(id, { do: 'stop' }, tx, { stopReason: reason });
      const { state } = await this.row(id, tx);
      return { before: { state: before.state }, after: { state }, result: undefined };
    });
    this.log.info({ broadcastId: id, userId: actor.id }, 'an administrator stopped a broadcast');
    return this.changed(id);
  }

  /** Changes a broadcast inside a transaction of the caller, who calls {@link announce} after its commit. */
  async apply(
    id: BroadcastId,
    command: BroadcastCommand,
    tx: Tx,
    more: Partial<BroadcastEntity> = {},
  ): Promise<void> {
    const row = await this.broadcasts.lock(id, tx);
    if (row === null) throw new NotFound('there is no such broadcast');
    await this.save(row, command, tx, more);
  }

  /** The count of viewers, of a broadcast that runs; inside a transaction of the caller. */
  async countViewers(id: BroadcastId, viewers: number, tx: Tx): Promise<void> {
    const row = await this.broadcasts.lock(id, tx);
    if (row === null) throw new NotFound('there is no such broadcast');
    await this.write(row, { viewers }, tx);
  }

  /** Its recording is complete: no node has anything to do for it any more. */
  async complete(id: BroadcastId, tx: Tx): Promise<BroadcastView> {
    const row = await this.broadcasts.lock(id, tx);
    if (row === null) throw new NotFound('there is no such broadcast');
    const nowMs = this.clock.nowMs();
    const closed = decide(factsOf(row), { do: 'stop' }, nowMs);
    const columns = row.state === 'ended' ? {} : { ...columnsOf(closed), closeReason: 'ended' as const };
    await this.write(row, { ...columns, completedAt: new Date(nowMs) }, tx);
    return row;
  }

  /** Closes those that are due. Returns how many. */
  async closeDue(): Promise<number> {
    const closed = await this.unitOfWork.run(async (tx) => {
      const rows = await this.broadcasts.lockMaybeDue(this.clock.now(), DUE_AT_ONCE, tx);
      for (const row of rows) await this.save(row, { do: 'tick' }, tx);
      return rows.filter(({ state }) => state === 'ended');
    });
    for (const row of closed) await this.tellAll(row);
    return closed.length;
  }

  /** What should be open, or still closed, on a node. */
  async wantedOn(nodeId: MediaNodeId): Promise<NodeCommand[]> {
    const rows = await this.broadcasts.unfinishedOn(nodeId, this.unitOfWork.reader);
    return Promise.all(rows.map((row) => this.wanted(row)));
  }

  /** Tells the followers how it stands; after a commit. */
  async announce(id: BroadcastId): Promise<void> {
    this.feed.news.next(await this.news(id));
  }

  /** @throws NotFound */
  async news(id: BroadcastId): Promise<BroadcastNews> {
    const row = await this.row(id, this.unitOfWork.reader);
    const lecture = await this.lectures.facts(row.lectureId);
    const { state, endingAt, viewers } = broadcastOf(row);
    return { broadcastId: id, state, endingAt, viewers, replayCourseId: lecture?.replayCourseId ?? null };
  }

  private async command(id: BroadcastId, command: BroadcastCommand): Promise<Broadcast> {
    await this.unitOfWork.run((tx) => this.apply(id, command, tx));
    return this.changed(id);
  }

  /** After the commit: all who follow it are told. */
  private async changed(id: BroadcastId): Promise<Broadcast> {
    const row = await this.row(id, this.unitOfWork.reader);
    await this.tellAll(row);
    return broadcastOf(row);
  }

  /** The followers now; the node too when it is over. What it misses, its heartbeat tells it. */
  private async tellAll(row: BroadcastEntity): Promise<void> {
    await this.announce(row.id);
    if (row.state !== 'ended') return;
    this.commandNode(row).catch((error: unknown) =>
      this.log.warn({ err: error, broadcastId: row.id }, 'a media node does not close a room'),
    );
  }

  private async create(lecture: LectureFacts, tx: Tx): Promise<BroadcastEntity> {
    const recordingId = this.ids.next(RecordingId);
    const now = this.clock.now();
    const row = {
      id: this.ids.next(BroadcastId),
      lectureId: lecture.id,
      recordingId,
      state: 'scheduled' as const,
      publisherSince: now,
      plannedEnd: new Date(lecture.startsAt.getTime() + lecture.plannedMinutes * 60_000),
      mediaNode: await this.nodes.place(null, tx),
    };
    await this.recorder.begin(LineageId.parse(recordingId), 'recording', tx);
    await this.broadcasts.insert(row, tx);
    const saved = await this.row(row.id, tx);
    await this.lectures.mirror(lecture.id, mirrorOf(saved), tx);
    return saved;
  }

  private async keepPlaced(running: BroadcastEntity, tx: Tx): Promise<BroadcastEntity> {
    if (running.state === 'ended') throw new BroadcastEnded('the broadcast has ended');
    const row = await this.broadcasts.lock(running.id, tx);
    if (row === null) throw new NotFound('there is no such broadcast');
    const mediaNode = await this.nodes.place(row.mediaNode, tx);
    if (mediaNode !== row.mediaNode) await this.write(row, { mediaNode, placement: row.placement + 1 }, tx);
    return row;
  }

  private async save(
    row: BroadcastEntity,
    command: BroadcastCommand,
    tx: Tx,
    more: Partial<BroadcastEntity> = {},
  ): Promise<void> {
    const before = factsOf(row);
    const after = decide(before, command, this.clock.nowMs());
    if (after !== before) await this.write(row, { ...columnsOf(after), ...more }, tx);
  }

  /** Changes the row in the database and in hand, and what the lecture repeats of it. */
  private async write(row: BroadcastEntity, changes: Partial<BroadcastEntity>, tx: Tx): Promise<void> {
    await this.broadcasts.update(row.id, changes, tx);
    Object.assign(row, changes);
    await this.lectures.mirror(row.lectureId, mirrorOf(row), tx);
  }

  private async openRoom(row: BroadcastEntity): Promise<void> {
    await this.commandNode(row).catch((error: unknown) => {
      this.log.warn({ err: error, broadcastId: row.id }, 'a media node does not open a room');
      throw new NoMediaNode('the media node does not answer', { cause: error });
    });
  }

  private async commandNode(row: BroadcastEntity): Promise<void> {
    await this.commands.send(row.mediaNode, await this.wanted(row));
  }

  private async wanted(row: BroadcastEntity): Promise<NodeCommand> {
    const timeline = await this.timelines.facts(LineageId.parse(row.recordingId));
    return wantedOf(row, timeline?.zeroAtMs ?? null);
  }

  /** @throws NotFound */
  private async lectureOf(id: BroadcastId): Promise<LectureFacts> {
    const { lectureId } = await this.row(id, this.unitOfWork.reader);
    const lecture = await this.lectures.facts(lectureId);
    if (lecture === null) throw new NotFound('there is no such lecture');
    return lecture;
  }

  private async row(id: BroadcastId, tx: Tx): Promise<BroadcastEntity> {
    const row = await this.broadcasts.byId(id, tx);
    if (row === null) throw new NotFound('there is no such broadcast');
    return row;
  }
}
