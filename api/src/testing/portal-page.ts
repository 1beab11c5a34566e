import { io, type Socket } from 'socket.io-client';
import type { Visitor } from './visitor.ts';

/** An open page of this person, connected. The caller closes it. */
export async function connectPage(person: Visitor): Promise<Socket> {
  const headers = person.cookie === '' ? {} : { cookie: person.cookie };
  const options = { path: '/api/socket.io', transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = io(person.origin, { ...options, extraHeaders: { ...headers, origin: person.origin } });
  await new Promise<void>((resolve) => void socket.once('connect', resolve));
  return socket;
}
