import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { shortHash } from './paths.ts';

/** A lock that this process holds, or the process that holds it. */
export type Lock = { release(): Promise<void> } | { heldBy: number };

/**
 * Takes a lock that only one process on this machine can have. It is an abstract Unix socket: the kernel gives it to one
 * and takes it back when that process is gone, however it went; no stale file can be left.
 * @param name what is locked; any text
 */
export async function takeLock(name: string): Promise<Lock> {
  const address = `\0yike-lock-${shortHash(name)}`;
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // He asked, and left before the answer.
    socket.end(String(process.pid));
  });
  server.unref();
  const failure = await listen(server, address);
  if (failure === undefined)
    return { release: () => new Promise((resolve) => server.close(() => resolve())) };
  if (failure.code !== 'EADDRINUSE') throw failure;
  return { heldBy: Number(await text(connect({ path: address })).catch(() => '0')) };
}

function listen(server: Server, address: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(address, () => resolve(undefined));
  });
}
