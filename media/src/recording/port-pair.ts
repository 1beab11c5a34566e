import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const HOST = '127.0.0.1';
/** Below the range from which Linux takes ports by itself (32768 and up), and above what services use. */
const RANGE = { first: 20_000, last: 29_998 };
const MAX_ATTEMPTS = 200;

/** Where the next search of this process begins: apart for each process, so that they seldom meet. */
let nextPort = RANGE.first + ((process.pid * 128) % (RANGE.last - RANGE.first));

/**
 * A pair of UDP ports for another program to bind, RTP on the even one and RTCP on the next. A TCP listener on the even number is
 * the reservation: it holds against every other process that asks here, for as long as the pair is kept, and dies with us.
 */
export class PortPair {
  readonly rtp: number;
  readonly #reservation: Server;

  private constructor(rtp: number, reservation: Server) {
    this.rtp = rtp;
    this.#reservation = reservation;
  }

  get rtcp(): number {
    return this.rtp + 1;
  }

  /** @throws Error where every port that was tried is taken */
  static async reserve(): Promise<PortPair> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const port = nextPort;
      nextPort = port + 2 > RANGE.last ? RANGE.first : port + 2;
      const reservation = await tryToListen(port);
      if (reservation === undefined) continue;
      if ((await isFree(port)) && (await isFree(port + 1))) return new PortPair(port, reservation);
      reservation.close();
    }
    throw new Error(`no free pair of ports in ${MAX_ATTEMPTS} attempts`);
  }

  release(): void {
    this.#reservation.close();
  }
}

async function tryToListen(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen({ port, host: HOST, exclusive: true });
    await once(server, 'listening');
    server.unref();
    return server;
  } catch {
    return undefined;
  }
}

async function isFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ port, address: HOST, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
