import 'reflect-metadata';
import { ROOM_ACTIONS } from '@yike/contracts/signaling/room';
import { expect, it } from 'vitest';
import { SignalingGateway } from './signaling.gateway.ts';

/** Where the framework notes an event's name on its handler. */
const EVENT = 'message';

it('every message that is answered names its action, and no other does', () => {
  const handlers: unknown[] = Object.values(Object.getOwnPropertyDescriptors(SignalingGateway.prototype)).map(
    ({ value }: PropertyDescriptor): unknown => value,
  );
  const events = handlers.flatMap((handler) => {
    const event: unknown = typeof handler === 'function' ? Reflect.getMetadata(EVENT, handler) : undefined;
    return typeof event === 'string' ? [event] : [];
  });
  expect(events.sort()).toEqual(Object.keys(ROOM_ACTIONS).sort());
});
