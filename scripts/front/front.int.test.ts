import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Front } from './front.ts';

/** A backend that tells what has reached it, and sends a slow body in two halves. */
function standIn(): Server {
  return createServer((incoming, reply) => {
    if (incoming.url === '/slow') {
      reply.write('first');
      setTimeout(() => reply.end('second'), 300);
      return;
    }
    void buffer(incoming).then((body) => {
      reply.setHeader('Set-Cookie', ['a=1', 'b=2']);
      reply.writeHead(202);
      reply.end(JSON.stringify({ url: incoming.url, headers: incoming.headers, bytes: body.length }));
    });
  });
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const api = standIn();
const media = createServer();
// Speaks the handshake, tells the headers it has got, and then sends back what it hears.
media.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  socket.write(`${JSON.stringify(incoming.headers)}\n`);
  socket.write(head);
  socket.pipe(socket);
});
let front: Front;
let origin: string;
let gone: number;

beforeAll(async () => {
  const unused = createServer();
  gone = await portOf(unused);
  unused.close();
  const backends = {
    api: `http://127.0.0.1:${await portOf(api)}`,
    media: `http://127.0.0.1:${await portOf(media)}`,
    s3: `http://127.0.0.1:${gone}`,
  };
  front = await Front.listen({ host: '127.0.0.1', port: 0, bucket: 'yike', backends });
  origin = `http://127.0.0.1:${front.address.port}`;
});
afterAll(async () => {
  await front.close();
  media.close();
  api.close();
});

it('leaves Host and the URL untouched and says itself where the client is', async () => {
  const incoming = await new Promise<IncomingMessage>((resolve) => {
    const headers = { Host: 'phone.local:8080', 'X-Forwarded-For': '6.6.6.6' };
    request(`${origin}/api/%E8%AF%BE?x=%2f..`, { headers }, resolve).end();
  });
  expect(incoming.statusCode).toBe(202);
  expect(incoming.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect(JSON.parse(await text(incoming))).toMatchObject({
    url: '/api/%E8%AF%BE?x=%2f..',
    headers: { host: 'phone.local:8080', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' },
  });
});

it('passes bodies on, chunked ones too, and streams answers as they come', async () => {
  const body = new Uint8Array(3_000_000);
  const put = await fetch(`${origin}/api/x`, { method: 'PUT', body });
  expect(await put.json()).toMatchObject({ bytes: body.length });

  const stream = new Blob([body]).stream();
  const streamed = { method: 'POST', body: stream, duplex: 'half' }; // `duplex` is missing in the DOM's types.
  const chunked = await fetch(`${origin}/api/x`, streamed);
  expect(await chunked.json()).toMatchObject({ bytes: body.length });

  const begun = performance.now();
  const reader = (await fetch(`${origin}/slow`)).body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
  expect(performance.now() - begun).toBeLessThan(250);
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('second');
});

it('answers for a backend that is away with a problem', async () => {
  const reply = await fetch(`${origin}/yike/object`, { method: 'PUT', body: 'x'.repeat(100_000) });
  expect(reply.status).toBe(503);
  expect(reply.headers.get('retry-after')).toBe('2');
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  const requestId = reply.headers.get('x-request-id');
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(await reply.json()).toMatchObject({ code: 'service-unavailable', status: 503, requestId });
});

const handshake = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: phone.local\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

it('carries WebSockets', async () => {
  const client = connect(front.address.port, '127.0.0.1');
  client.write(`${handshake('/media/local/socket.io/?EIO=4')}early`);
  client.write('课'.repeat(50_000));
  client.end();
  const said = await text(client);
  expect(said).toMatch(/^HTTP\/1\.1 101 .*\r\nUpgrade: websocket\r\n/s);
  expect(said).toContain('"host":"phone.local"');
  expect(said).toContain('"x-forwarded-for":"127.0.0.1"');
  expect(said.endsWith(`}\nearly${'课'.repeat(50_000)}`)).toBe(true);
});

it('refuses a WebSocket whose backend is away, or is none', async () => {
  const ask = (path: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(front.address.port, '127.0.0.1');
      socket.write(handshake(path));
      resolve(text(socket));
    });
  expect(await ask('/yike/socket')).toMatch(/^HTTP\/1\.1 503 .*service-unavailable/s);
  expect(await ask('/api/none')).toMatch(/^HTTP\/1\.1 202 .*"url":"\/api\/none"/s);
});

it('bounds the length of URL and headers', async () => {
  expect((await fetch(`${origin}/${'a'.repeat(8_192)}`)).status).toBe(414);
  expect((await fetch(`${origin}/`, { headers: { 'x-long': 'a'.repeat(20_000) } })).status).toBe(431);
});

it('fails when the port is taken', async () => {
  const { port } = front.address;
  const backends = { api: origin, media: origin, s3: origin };
  const second = Front.listen({ host: '127.0.0.1', port, bucket: 'yike', backends });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
