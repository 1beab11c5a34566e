import { randomUUID } from 'node:crypto';
import { readRequestId } from '@yike/contracts/request-id';
import type { PortalToApi } from '@yike/contracts/realtime/viewing';
import type { Event } from 'socket.io';
import type { Metrics } from '../health/metrics.ts';
import type { PortalServer, PortalSocket } from '../realtime/portal-socket.adapter.ts';
import { inRequest } from './request-context.ts';

type SocketMetrics = Pick<Metrics, 'socketConnections' | 'socketMessages'>;

/** Names that may become a label; a page can send any other. */
const EVENTS: Record<keyof PortalToApi, true> = {
  'viewing:beat': true,
  'lease:take': true,
  'broadcast:follow': true,
};

/** Counts connections and messages. A message's request id is that of its handshake and its number: `<id>.<n>`. */
export function observeSockets(server: PortalServer, metrics: SocketMetrics): void {
  server.on('connection', (socket: PortalSocket) => {
    metrics.socketConnections.inc();
    socket.once('disconnect', () => metrics.socketConnections.dec());
    const { requestId: said } = socket.handshake.auth as { requestId?: unknown };
    const connectionId = readRequestId(said) ?? randomUUID();
    let messages = 0;
    socket.use((packet, next) => {
      messages += 1;
      timeAnswer(packet, metrics);
      inRequest(`${connectionId}.${messages}`, undefined, next);
    });
  });
}

/** Puts a measuring acknowledgement in the place of the packet's own. */
function timeAnswer(packet: Event, { socketMessages }: SocketMetrics): void {
  const acknowledge: unknown = packet.at(-1);
  if (!isCallback(acknowledge)) return;
  const begunAt = performance.now();
  packet[packet.length - 1] = (reply: unknown) => {
    const seconds = (performance.now() - begunAt) / 1000;
    socketMessages.observe({ event: eventName(packet[0]), outcome: outcomeOf(reply) }, seconds);
    acknowledge(reply);
  };
}

const eventName = (name: string): string => (Object.hasOwn(EVENTS, name) ? name : 'other');

/** `ok`, or the code of the problem that it is answered with. */
function outcomeOf(reply: unknown): string {
  const { ok, problem } = reply as { ok?: boolean; problem?: { code: string } };
  return ok === true ? 'ok' : (problem?.code ?? 'none');
}

const isCallback = (value: unknown): value is (reply: unknown) => void => typeof value === 'function';
