// The peer of redirects: a server that streams segments from storage through Node, and checks nobody. `streaming-process.ts <storage's origin>`
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

const storage = process.argv[2] ?? '';
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const server = createServer((request, response) => {
  get(new URL(request.url ?? '/', storage), { agent }, (object) => {
    response.writeHead(object.statusCode ?? 502, { 'content-length': object.headers['content-length'] });
    pipeline(object, response, () => undefined);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port)); // It listens on TCP.
process.once('disconnect', () => process.exit(0));
