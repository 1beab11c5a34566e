import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { MessageNotSent } from './code-sender.ts';
import { HttpCodeSender } from './http-code-sender.ts';

const secret = 'what the gateway and we know';
const message = {
  id: 'message-1',
  phone: '13800138000',
  digits: '042137',
  purpose: 'enter',
  validMinutes: 5,
} as const;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A gateway that answers with these statuses, one after the other; the last one for ever. */
class Gateway {
  readonly received: Received[] = [];
  readonly #server: Server;
  #statuses: number[];

  private constructor(statuses: number[]) {
    this.#statuses = statuses;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        const status = this.#statuses.length > 1 ? this.#statuses.shift() : this.#statuses[0];
        response.writeHead(status ?? 500).end();
      });
    });
  }

  static async start(...statuses: number[]): Promise<Gateway> {
    const gateway = new Gateway(statuses);
    await new Promise<void>((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/messages`; // it listens on TCP
  }

  answer(...statuses: number[]): void {
    this.#statuses = statuses;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let gateway: Gateway;
afterEach(() => gateway.close());

it('signs time, nonce and body', async () => {
  gateway = await Gateway.start(202);
  await new HttpCodeSender({ url: gateway.url, secret }).send(message);
  const [{ headers, body }] = gateway.received as [Received];
  expect(JSON.parse(body)).toEqual(message);
  const signed = [headers['x-yike-timestamp'], headers['x-yike-nonce'], body].join('\n');
  expect(headers['x-yike-signature']).toBe(createHmac('sha256', secret).update(signed).digest('hex'));
  expect(Math.abs(Number(headers['x-yike-timestamp']) - Date.now())).toBeLessThan(10_000);
});

it('tries again with the same id while the gateway is not well', async () => {
  gateway = await Gateway.start(500, 503, 200);
  await new HttpCodeSender({ url: gateway.url, secret }).send(message);
  expect(gateway.received.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual([
    'message-1',
    'message-1',
    'message-1',
  ]);
});

it('does not repeat what the gateway refuses, and says that it was not sent', async () => {
  gateway = await Gateway.start(400);
  const sent = new HttpCodeSender({ url: gateway.url, secret }).send(message);
  await expect(sent).rejects.toThrow(MessageNotSent);
  expect(gateway.received).toHaveLength(1);
});

it('asks a gateway that is down no more for a while, then once, and goes on when it is back', async () => {
  gateway = await Gateway.start(500);
  const sender = new HttpCodeSender({ url: gateway.url, secret }, 300);
  for (let n = 0; n < 5; n += 1) await expect(sender.send(message)).rejects.toThrow(MessageNotSent);
  const asked = gateway.received.length;
  await expect(sender.send(message)).rejects.toThrow(MessageNotSent);
  expect(gateway.received).toHaveLength(asked);
  gateway.answer(200);
  await expect
    .poll(() =>
      sender.send(message).then(
        () => 'sent',
        () => 'not',
      ),
    )
    .toBe('sent');
});
