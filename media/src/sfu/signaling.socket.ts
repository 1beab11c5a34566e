import {
  type MediaToPortal,
  type PortalToMedia,
  ROOM_ACTIONS,
  type RoomAction,
  type TicketClaims,
} from '@yike/contracts/signaling/room';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Peer, PeerLink } from './peer.ts';

interface SocketData {
  /** Set by the handshake, before anything else is heard. */
  claims: TicketClaims;
  link: PeerLink;
  hasAskedToJoin: boolean;
  peer: Peer | undefined;
}

export type SignalingServer = Server<PortalToMedia, MediaToPortal, DefaultEventsMap, SocketData>;
export type SignalingSocket = Socket<PortalToMedia, MediaToPortal, DefaultEventsMap, SocketData>;

export const isKnownEvent = (name: unknown): boolean => actionOf(name) !== undefined;

/** What a message does; undefined for what may not be asked at all. */
export const actionOf = (name: unknown): RoomAction | undefined =>
  isNamed(name) ? ROOM_ACTIONS[name] : undefined;

const isNamed = (name: unknown): name is keyof PortalToMedia =>
  typeof name === 'string' && Object.hasOwn(ROOM_ACTIONS, name);

/** A peer's link over its socket. */
export function linkOf(socket: SignalingSocket): PeerLink {
  return {
    send: (event, news) => {
      // The map's tuple types don't survive the generic; the link's own signature has checked the news.
      socket.emit(event, ...([news] as Parameters<MediaToPortal[typeof event]>));
    },
    end: () => void socket.disconnect(true),
    // Seen by socket.io's client as a lost connection, after which it connects again by itself.
    cut: () => socket.conn.close(),
  };
}
