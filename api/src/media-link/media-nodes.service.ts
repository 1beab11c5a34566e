import { Injectable } from '@nestjs/common';
import type { NodeHeartbeat } from '@yike/contracts/control/commands';
import type { MediaNodeId } from '@yike/contracts/ids';
import { DomainError } from '../domain/domain-error.ts';
import { Clock } from '../platform/clock.ts';
import { type Tx, UnitOfWork } from '../platform/database/unit-of-work.ts';
import type { MediaNodeEntity } from './media-node.entity.ts';
import { MediaNodesRepository } from './media-nodes.repository.ts';

/** A node that was silent for three heartbeats gets nothing new. */
const SILENT_MS = 15_000;

/** No media node is ready. */
export class NoMediaNode extends DomainError {
  readonly code = 'no-media-node';
}

export interface MediaNode {
  readonly id: MediaNodeId;
  readonly controlUrl: string;
  readonly socketPath: string;
  readonly publicOrigin: string | null;
  readonly isReady: boolean;
  /** It goes down, and said so. */
  readonly isDraining: boolean;
  /** 0–1 of its capacity; 1 and more is full. */
  readonly load: number;
}

/** The media nodes that are known, and where a broadcast goes. */
@Injectable()
export class MediaNodesService {
  constructor(
    private readonly nodes: MediaNodesRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async heard(heartbeat: NodeHeartbeat): Promise<void> {
    await this.nodes.save(heartbeat, this.clock.now(), this.unitOfWork.reader);
  }

  /** Null for one that was never heard of. */
  async byId(id: MediaNodeId, tx: Tx = this.unitOfWork.reader): Promise<MediaNode | null> {
    const node = await this.nodes.byId(id, tx);
    return node && this.show(node);
  }

  /**
   * The least loaded ready node, or the present one while it is ready.
   * @throws NoMediaNode
   */
  async place(present: MediaNodeId | null, tx: Tx): Promise<MediaNodeId> {
    const ready = await this.nodes.ready(this.silentSince(), tx);
    const kept = ready.find(({ id }) => id === present);
    const chosen = kept ?? ready.find(({ load }) => load < 1);
    if (chosen === undefined) throw new NoMediaNode('no media node is ready');
    return chosen.id;
  }

  /** Whether a broadcast could be placed now, were it only for the nodes being there. */
  async isAnyReady(): Promise<boolean> {
    return (await this.nodes.ready(this.silentSince(), this.unitOfWork.reader)).length > 0;
  }

  private silentSince(): Date {
    return new Date(this.clock.nowMs() - SILENT_MS);
  }

  private show({ state, seenAt, ...node }: MediaNodeEntity): MediaNode {
    const isReady = state === 'ready' && seenAt > this.silentSince();
    return { ...node, isReady, isDraining: state === 'draining' };
  }
}
