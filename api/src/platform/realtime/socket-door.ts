import type { ModulesContainer } from '@nestjs/core';
import { problem } from '@yike/contracts/problem';
import { Forbidden } from '../../domain/domain-error.ts';
import type { Action } from '../../domain/policy/actions.ts';
import { currentRequest } from '../observability/request-context.ts';
import { problemOf } from '../problems/problem-of.ts';
import { missingOf } from '../security/accounted.ts';
import type { Acts } from '../security/acts.ts';
import { actionOf } from '../security/does.ts';
import type { PortalServer, PortalSocket } from './portal-socket.adapter.ts';

/** Where the framework notes an event's name on its handler. */
const EVENT = 'message';

export interface SocketEvent {
  readonly event: string;
  /** Undefined where its handler names none: nobody gets through then. */
  readonly action: Action | undefined;
}

/** Every event that a gateway of the application answers. */
export function socketEvents(modules: ModulesContainer): SocketEvent[] {
  const classes = [...modules.values()].flatMap(({ providers }) =>
    [...providers.values()].map(({ metatype }) => metatype),
  );
  return classes.flatMap((each) => (typeof each === 'function' ? eventsOf(each) : []));
}

function eventsOf(gateway: { prototype?: unknown }): SocketEvent[] {
  const methods = Object.values(Object.getOwnPropertyDescriptors(gateway.prototype ?? {}));
  return methods.flatMap(({ value: handler }: PropertyDescriptor) => {
    if (!isHandler(handler)) return [];
    const event: unknown = Reflect.getMetadata(EVENT, handler);
    return typeof event === 'string' ? [{ event, action: actionOf(handler, gateway) }] : [];
  });
}

const isHandler = (value: unknown): value is object => typeof value === 'function';

/** Lets a message through to its gateway where the policy could ever allow what it does; else it is answered at once. */
export function guardSockets(server: PortalServer, events: readonly SocketEvent[], acts: Acts): void {
  const actions = new Map(events.map(({ event, action }) => [event, action]));
  server.on('connection', (socket: PortalSocket) => {
    socket.use((packet, next) => {
      const action = actions.get(packet[0]);
      try {
        if (action === undefined) throw new Forbidden('this event names no action');
        acts.begin(socket.data.user, action);
      } catch (error) {
        refuse(packet, error);
        return;
      }
      withholdUnaccounted(packet, action);
      next();
    });
  });
}

function refuse(packet: unknown[], error: unknown): void {
  const acknowledge = packet.at(-1);
  if (isCallback(acknowledge)) acknowledge({ ok: false, problem: { ...problemOf(error), ...ofRequest() } });
}

/** As for routes: what nobody decided about is not answered with a yes. */
function withholdUnaccounted(packet: unknown[], action: Action): void {
  const acknowledge = packet.at(-1);
  if (!isCallback(acknowledge)) return;
  packet[packet.length - 1] = (reply: { ok: boolean }) => {
    const isGood = !reply.ok || missingOf(action, currentRequest()) === null;
    acknowledge(isGood ? reply : { ok: false, problem: problem('internal', undefined, ofRequest()) });
  };
}

/** The id by which the log knows the message. */
function ofRequest(): { requestId?: string } {
  const requestId = currentRequest()?.requestId;
  return requestId === undefined ? {} : { requestId };
}

const isCallback = (value: unknown): value is (reply: unknown) => void => typeof value === 'function';
