import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';

/** Several TCP ports that are free on the loopback now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * The first of `count` ports in a row that are free for both UDP and TCP on this address. WebRTC workers take one each.
 * @throws where no such row is found between 40000 and 49000
 */
export async function freePortRow(count: number, host: string): Promise<number> {
  const begin = 40_000 + Math.floor(Math.random() * 8_000);
  for (let first = begin; first < begin + 900; first += count) {
    const row = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(row.map((port) => isFree(port, host)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row from ${begin} on ${host}`);
}

async function isFree(port: number, host: string): Promise<boolean> {
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const tcp = createServer();
  const bound = await Promise.all([
    new Promise<boolean>((resolve) => {
      udp.once('error', () => resolve(false));
      udp.bind(port, host, () => resolve(true));
    }),
    new Promise<boolean>((resolve) => {
      tcp.once('error', () => resolve(false));
      tcp.listen(port, host, () => resolve(true));
    }),
  ]);
  if (bound[0]) udp.close();
  if (bound[1]) tcp.close();
  return bound.every(Boolean);
}
