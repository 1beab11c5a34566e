import { randomUUID } from 'node:crypto';
import { readRequestId } from '@yike/contracts/request-id';
import type { Event, Server } from 'socket.io';
import type { Metrics } from './metrics.ts';
import { inRequest } from './request-context.ts';

type SocketMetrics = Pick<Metrics, 'socketConnections' | 'socketMessages'>;

/**
 * Counts connections and messages. A message's request id is that of its handshake and its number: `<id>.<n>`.
 * @param isKnown names that may become a label; a page can send any other
 */
export function observeSockets(
  server: Server,
  metrics: SocketMetrics,
  isKnown: (name: unknown) => boolean,
): void {
  server.on('connection', (socket) => {
    metrics.socketConnections.inc();
    socket.once('disconnect', () => metrics.socketConnections.dec());
    const { requestId: said } = socket.handshake.auth as { requestId?: unknown };
    const connectionId = readRequestId(said) ?? randomUUID();
    let messages = 0;
    socket.use((packet, next) => {
      messages += 1;
      timeAnswer(packet, isKnown(packet[0]) ? packet[0] : 'other', metrics);
      inRequest(`${connectionId}.${messages}`, next);
    });
  });
}

/** Puts a measuring acknowledgement in the place of the packet's own. */
function timeAnswer(packet: Event, event: string, { socketMessages }: SocketMetrics): void {
  const acknowledge: unknown = packet.at(-1);
  if (!isCallback(acknowledge)) return;
  const begunAt = performance.now();
  packet[packet.length - 1] = (reply: unknown) => {
    socketMessages.observe({ event, outcome: outcomeOf(reply) }, (performance.now() - begunAt) / 1000);
    acknowledge(reply);
  };
}

/** `ok`, or the code of the problem that it is answered with. */
function outcomeOf(reply: unknown): string {
  const { ok, problem } = reply as { ok?: boolean; problem?: { code: string } };
  return ok === true ? 'ok' : (problem?.code ?? 'none');
}

const isCallback = (value: unknown): value is (reply: unknown) => void => typeof value === 'function';
