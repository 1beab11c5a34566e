import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaWorker } from './media-worker.ts';
import { TestNode, ticket } from './testing/node.ts';
import { Page } from './testing/page.ts';
import { WorkerPool } from './worker-pool.ts';

/** DTLS 1.2 (RFC 9147): a handshake record that holds the beginning of a ClientHello. */
const CLIENT_HELLO = Buffer.concat([
  Buffer.from('16fefd0000000000000000003a0100002e000000000000002e', 'hex'),
  Buffer.alloc(46, 7),
]);
/** STUN (RFC 8489): a binding request in the name of a transport that is not there. */
const STUN = Buffer.from(
  `000100142112a442${'ab'.repeat(12)}00060010${Buffer.from('nobody:nobody___').toString('hex')}`,
  'hex',
);
const RTP = Buffer.concat([Buffer.from('80660001000000010000002a', 'hex'), Buffer.alloc(200, 9)]);
const RTCP = Buffer.from('80c8000600000001000000000000000000000000000000000000000000', 'hex');

let node: TestNode;
let ports: Record<string, number>;
let watching: Page;
let transportId = '';
let worker: MediaWorker | undefined;

beforeAll(async () => {
  node = await TestNode.start();
  [worker] = node.app.get(WorkerPool).workers;
  const { broadcastId } = await node.open();
  watching = new Page(node.url, await ticket(broadcastId));
  await watching.join();
  // Not connected yet: whatever comes, comes early.
  const transport = await watching.must('transport:create', { direction: 'receive' });
  transportId = transport.id;
  ports = Object.fromEntries(
    transport.iceCandidates.map(({ protocol, port }) => [String(protocol), Number(port)]),
  );
});
afterAll(async () => {
  watching.close();
  await node.close();
});

const packets = [
  { name: 'an early ClientHello', packet: CLIENT_HELLO },
  { name: 'a ClientHello that is cut off', packet: CLIENT_HELLO.subarray(0, 20) },
  { name: 'STUN for nobody', packet: STUN },
  { name: 'STUN that says a length it does not have', packet: STUN.subarray(0, 30) },
  { name: 'SRTP of nobody', packet: RTP },
  {
    name: 'an RTP header that says more sources than it has',
    packet: Buffer.from('8f660001000000010000002a', 'hex'),
  },
  { name: 'SRTCP of nobody', packet: RTCP },
  { name: 'one byte', packet: Buffer.from([0x80]) },
  { name: 'nothing', packet: Buffer.alloc(0) },
  { name: 'as much as a datagram holds', packet: Buffer.alloc(65_000, 0x16) },
];

/** The worker is the one of before, and the transport still does what it is for. */
async function expectUnharmed(): Promise<void> {
  await sleep(50);
  expect(node.app.get(WorkerPool).workers[0]).toBe(worker);
  const asked = { transportId, rtpCapabilities: { codecs: [], headerExtensions: [] } };
  expect(await watching.refusal('consumer:create-all', asked)).toBe('ok');
}

describe('the media ports', () => {
  it.each(packets)('take $name by UDP', async ({ packet }) => {
    const socket = createSocket('udp4');
    await new Promise((sent) => socket.send(packet, ports.udp, '127.0.0.1', sent));
    await expectUnharmed();
    socket.close();
  });

  it.each(packets)('take $name by TCP, framed, unframed and cut off', async ({ packet }) => {
    const length = Buffer.from([packet.length >> 8, packet.length & 0xff]);
    for (const bytes of [
      Buffer.concat([length, packet]),
      packet,
      Buffer.concat([length, packet.subarray(1)]),
    ]) {
      const socket = connect(ports.tcp!, '127.0.0.1');
      socket.on('error', () => undefined); // It may be thrown out.
      socket.end(bytes);
      await sleep(10);
      socket.destroy();
    }
    await expectUnharmed();
  });
});
