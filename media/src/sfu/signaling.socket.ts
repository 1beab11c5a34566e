import type { MediaToPortal, PortalToMedia, TicketClaims } from '@yike/contracts/signaling/room';
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

/** All that may be asked; anything else is answered with `invalid-request`. */
const EVENTS: Record<keyof PortalToMedia, true> = {
  'room:join': true,
  'transport:create': true,
  'transport:connect': true,
  'producer:create': true,
  'producer:pause': true,
  'producer:resume': true,
  'producer:close': true,
  'consumer:create-all': true,
  'consumer:resume': true,
};
export const isKnownEvent = (name: unknown): boolean =>
  typeof name === 'string' && Object.hasOwn(EVENTS, name);

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
