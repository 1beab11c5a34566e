// The peer in a process of its own, at the same door as the API: `one-by-one-process.ts <configuration as JSON>`. It speaks with the
// bench as `api-process.ts` does.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { argv } from 'node:process';
import type { UserId } from '@yike/contracts/ids';
import { BeatBatch, type BeatAck, type Reply } from '@yike/contracts/realtime/viewing';
import { Pool, types } from 'pg';
import { Server, type Socket } from 'socket.io';
import { cookieOf } from '../../api/src/platform/realtime/cookie-header.ts';
import type { ApiMessage, ApiOrder } from '../api/running-api.ts';
import { OneByOne } from './one-by-one.ts';

export interface OneByOneConfig {
  readonly databaseUrl: string;
  readonly connections: number;
}

const { databaseUrl, connections } = JSON.parse(argv[2] ?? '') as OneByOneConfig; // Written by the bench.
types.setTypeParser(types.builtins.INT8, Number);
const pool = new Pool({ connectionString: databaseUrl, max: connections });
let nowMs = 0;
const recorder = new OneByOne(pool, () => nowMs);

const http = createServer();
const server = new Server(http, { path: '/api/socket.io', serveClient: false });
server.use((socket, next) => {
  identify(socket).then(
    () => next(),
    (error: unknown) => next(error as Error),
  );
});
server.on(
  'connection',
  (socket: Socket<{ 'viewing:beat': (batch: unknown, ack: (reply: Reply<BeatAck>) => void) => void }>) => {
    const { userId } = socket.data as { userId: UserId }; // Set by `identify`.
    socket.on('viewing:beat', (message, acknowledge) => {
      const [beat] = BeatBatch.parse(message).beats;
      if (beat === undefined) return;
      void recorder.take(userId, beat).then((value) => acknowledge({ ok: true, value }));
    });
  },
);

async function identify(socket: Socket): Promise<void> {
  const token = cookieOf(socket.handshake.headers.cookie, 'yike_session') ?? '';
  const hash = createHash('sha256').update(token).digest();
  const { rows } = await pool.query<{ userId: UserId }>(
    'SELECT user_id AS "userId" FROM sessions WHERE token_hash = $1',
    [hash],
  );
  if (rows[0] === undefined) throw new Error('unknown');
  socket.data = rows[0];
}

process.on('message', (order: ApiOrder) => {
  nowMs = order.nowMs;
  process.send?.({ nowMs } satisfies ApiMessage);
});
process.once('disconnect', () => process.exit(0));
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const { port } = http.address() as AddressInfo; // It listens on TCP.
process.send?.({ origin: `http://127.0.0.1:${port}` } satisfies ApiMessage);
