import { Inject, Injectable } from '@nestjs/common';
import { type BroadcastCommand, KEY_INFO, SIGNATURE_HEADER } from '@yike/contracts/control/commands';
import type { MediaNodeId } from '@yike/contracts/ids';
import { REQUEST_ID_HEADER } from '@yike/contracts/request-id';
import type { ApiConfig } from '../config.ts';
import { Clock } from '../platform/clock.ts';
import { signRequest } from '../platform/crypto/node-signature.ts';
import { deriveKey } from '../platform/crypto/secrets.ts';
import { currentRequestId } from '../platform/observability/request-context.ts';
import { CONFIG } from '../platform/tokens.ts';
import { MediaNodesService } from './media-nodes.service.ts';

const ANSWER_WITHIN_MS = 5_000;

/** The node did not take the command; its next heartbeat gets it again. */
class NodeUnreachable extends Error {
  constructor(nodeId: MediaNodeId, options?: ErrorOptions) {
    super(`media node ${nodeId} did not take the command`, options);
    this.name = 'NodeUnreachable';
  }
}

/** Tells media nodes what is wanted: idempotent, signed, answered within 5 s. */
@Injectable()
export class NodeCommands {
  private readonly key: Buffer;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    private readonly nodes: MediaNodesService,
    private readonly clock: Clock,
  ) {
    this.key = deriveKey(config.MEDIA_NODE_SECRET, KEY_INFO.control);
  }

  /** @throws NodeUnreachable */
  async send(nodeId: MediaNodeId, command: BroadcastCommand): Promise<void> {
    const node = await this.nodes.byId(nodeId);
    if (node === null) throw new NodeUnreachable(nodeId);
    const path = `/control/broadcasts/${command.broadcastId}`;
    const body = JSON.stringify(command);
    const requestId = currentRequestId();
    const answer = await fetch(new URL(path, node.controlUrl), {
      method: 'PUT',
      body,
      headers: {
        'content-type': 'application/json',
        ...(requestId === undefined ? {} : { [REQUEST_ID_HEADER]: requestId }),
        [SIGNATURE_HEADER]: signRequest(this.key, { method: 'PUT', path, body }, this.clock.nowMs()),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch((error: unknown) => {
      throw new NodeUnreachable(nodeId, { cause: error });
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new NodeUnreachable(nodeId, { cause: new Error(`it answered ${answer.status}`) });
  }
}
