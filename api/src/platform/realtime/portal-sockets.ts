import { Injectable } from '@nestjs/common';
import type { PortalServer } from './portal-socket.adapter.ts';

/** The rooms that every socket of a person, or of one of their sessions, is in. */
export const userRoom = (userId: string): string => `user:${userId}`;
export const sessionRoom = (sessionId: string): string => `session:${sessionId}`;

/** The connected pages, for whoever is no gateway. */
@Injectable()
export class PortalSockets {
  private server: PortalServer | undefined;

  /** Called once by the adapter. */
  serve(server: PortalServer): void {
    this.server = server;
  }

  /** A session has ended: its pages are strangers' now, and connect anew as such. */
  endSession(sessionId: string): void {
    this.server?.in(sessionRoom(sessionId)).disconnectSockets(true);
  }

  /** What a person may do has changed: their pages connect anew, and are known by it then. */
  refreshPerson(userId: string): void {
    this.server?.in(userRoom(userId)).disconnectSockets(true);
  }
}
