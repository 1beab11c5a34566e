import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MediaKind } from 'mediasoup/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testEnvironment } from '../../../scripts/testing/env.ts';
import { ROUTER_CODECS } from '../core/codecs.ts';
import { RtpSource } from '../testing/rtp-source.ts';
import { RoomMedia } from './room-media.ts';
import { DtlsPeer } from './testing/dtls-peer.ts';
import { TestNode, ticket } from './testing/node.ts';
import { Noise } from './testing/noise.ts';
import { CAPABILITIES, DTLS, h264, opus, Page } from './testing/page.ts';
import { RawSocket } from './testing/raw-socket.ts';
import { WorkerPool } from './worker-pool.ts';

/** A minute with `YIKE_FUZZ_SECONDS=60`. */
const SECONDS = Number(process.env.YIKE_FUZZ_SECONDS ?? 10);
const SEED = Number(process.env.YIKE_FUZZ_SEED ?? Date.now() % 1_000_000);
/** A viewer's buffer is longer; a stall is what somebody sees. */
const MOST_SILENCE_MS = 1_000;

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());

it(
  `${SECONDS} s of noise at every door leave a live broadcast alone`,
  { timeout: (SECONDS + 60) * 1000 },
  async () => {
    const [worker] = node.app.get(WorkerPool).workers;
    const router = await worker!.createRouter(ROUTER_CODECS);
    const source = await RtpSource.start({ router, ffmpegPath: testEnvironment().ffmpegPath });
    const viewer = await router.createDirectTransport();
    const silences: Record<MediaKind, number> = { audio: 0, video: 0 };
    for (const kind of ['audio', 'video'] as const) {
      const producerId = source.producers[kind]!.id;
      const consumer = await viewer.consume({ producerId, rtpCapabilities: router.rtpCapabilities });
      let lastAt = performance.now();
      consumer.on('rtp', () => {
        const now = performance.now();
        silences[kind] = Math.max(silences[kind], now - lastAt);
        lastAt = now;
      });
    }
    const { broadcastId } = await node.open();
    const honest = new Page(node.url, await ticket(broadcastId, { mayPublish: true }));
    const { id, iceCandidates } = await honest.enter('send');
    const port = (protocol: string) => Number(iceCandidates.find((each) => each.protocol === protocol)?.port);
    await honest.publish(id, 'audio');
    await honest.publish(id, 'video');

    const hostile = await (await RoomMedia.create(worker!)).createTransport();
    const peer = await DtlsPeer.connect(hostile);
    const rtpParameters = h264();
    const stream = await hostile.produce({ kind: 'video', rtpParameters });
    const [{ ssrc }, { payloadType }] = [rtpParameters.encodings[0]!, rtpParameters.codecs[0]!];

    console.log(`seed ${SEED}`);
    const until = performance.now() + SECONDS * 1000;
    const counts = await Promise.all([
      ...[1, 2, 3].map((more) => askNonsense(new Noise(SEED + more), broadcastId, until)),
      sendFrames(new Noise(SEED + 4), broadcastId, until),
      sendDatagrams(new Noise(SEED + 5), port('udp'), until),
      breakStream(new Noise(SEED + 8), peer, { ssrc, payloadType }, until),
      dial(new Noise(SEED + 6), port('tcp'), until),
      dial(new Noise(SEED + 7), Number(new URL(node.url).port), until),
    ]);
    console.log(`${counts.join(' + ')} pieces of noise; longest silence ${JSON.stringify(silences)} ms`);

    for (const count of counts) expect(count).toBeGreaterThan(SECONDS);
    expect(Math.max(silences.audio, silences.video)).toBeLessThan(MOST_SILENCE_MS);
    expect(node.app.get(WorkerPool).workers[0]).toBe(worker);
    expect(hostile).toMatchObject({ dtlsState: 'connected', closed: false });
    expect(await stream.getStats()).toEqual([]); // Not one of its packets was authentic.
    expect((await hostile.getStats())[0]!.bytesReceived).toBeGreaterThan(10_000 * SECONDS);
    expect(
      await honest.refusal('producer:create', { transportId: id, kind: 'audio', rtpParameters: opus() }),
    ).toBe('already-publishing');
    const late = new Page(node.url, await ticket(broadcastId));
    const { id: transportId } = await late.enter('receive');
    expect(await late.consumeAll(transportId)).toHaveLength(2);
    expect(node.api.of('publisher.left')).toEqual([]);
    late.close();
    peer.close();
    honest.close();
    await source.stop();
  },
);

/** Requests in any order, half of them nearly good, by one page after another: a flood is thrown out. */
async function askNonsense(noise: Noise, broadcastId: string, until: number): Promise<number> {
  let count = 0;
  while (performance.now() < until) {
    const page = new Page(node.url, await ticket(broadcastId, { mayPublish: noise.below(2) === 0 }));
    await page.admitted();
    let transportId = 'x';
    for (let turn = 0; turn < 40 && page.socket.connected && performance.now() < until; turn += 1) {
      const good = noise.pick<[string, Record<string, unknown>]>([
        ['room:join', {}],
        ['transport:create', { direction: noise.pick(['send', 'receive']) }],
        ['transport:connect', { transportId, dtlsParameters: DTLS }],
        ['producer:create', { transportId, kind: 'video', rtpParameters: h264() }],
        ['producer:create', { transportId, kind: 'audio', rtpParameters: opus() }],
        ['consumer:create-all', { transportId, rtpCapabilities: CAPABILITIES }],
        ['consumer:resume', { consumerId: transportId }],
      ]);
      const content = noise.below(2) === 0 ? good[1] : noise.pick([noise.spoil(good[1]), noise.json()]);
      const reply = await page.ask(good[0], content).catch(() => undefined);
      if (reply?.ok && reply.value !== null && typeof reply.value === 'object' && 'id' in reply.value)
        transportId = String(reply.value.id);
      count += 1;
    }
    page.close();
  }
  return count;
}

/** What socket.io's own client would never send. */
async function sendFrames(noise: Noise, broadcastId: string, until: number): Promise<number> {
  let count = 0;
  while (performance.now() < until) {
    const raw = new RawSocket(node.url, await ticket(broadcastId));
    await Promise.race([raw.admitted, sleep(1000)]);
    for (let turn = 0; turn < 5; turn += 1) {
      const text = `42${noise.below(9)}["${noise.pick(['room:join', 'x', '__proto__'])}",${JSON.stringify(noise.json())}]`;
      const cut = text.slice(0, noise.below(text.length));
      raw.send(noise.pick<string | Uint8Array<ArrayBuffer>>([text, cut, noise.bytes(2000)]));
      count += 1;
    }
    await sleep(20);
    raw.close();
  }
  return count;
}

async function sendDatagrams(noise: Noise, port: number, until: number): Promise<number> {
  const socket = createSocket('udp4');
  let count = 0;
  while (performance.now() < until) {
    for (let turn = 0; turn < 20; turn += 1) socket.send(noise.datagram(), port, '127.0.0.1');
    count += 20;
    await sleep(10);
  }
  socket.close();
  return count;
}

/** After DTLS, from the address that ICE has chosen, as the stream that is expected. */
async function breakStream(
  noise: Noise,
  peer: DtlsPeer,
  stream: { ssrc: number; payloadType: number },
  until: number,
): Promise<number> {
  let count = 0;
  while (performance.now() < until) {
    for (let turn = 0; turn < 20; turn += 1)
      peer.send(noise.below(8) === 0 ? noise.datagram() : noise.streamDatagram(stream));
    count += 20;
    await sleep(10);
  }
  return count;
}

/** Opens a connection, says something and hangs up, or waits. */
async function dial(noise: Noise, port: number, until: number): Promise<number> {
  let count = 0;
  while (performance.now() < until) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const { length, buffer } = noise.datagram();
    // RFC 4571: a length before each packet; true or not.
    const framed = Buffer.concat([
      Buffer.from([length >> 8, (noise.below(2) * length) & 0xff]),
      Buffer.from(buffer),
    ]);
    const request = Buffer.from(
      `${noise.pick(['GET', 'PUT', 'POST'])} /${noise.bytes(40).toString('latin1')} HTTP/1.1\r\n\r\n`,
    );
    socket.end(noise.pick([framed, request, noise.bytes(4000)]));
    await sleep(20);
    socket.destroy();
    count += 1;
  }
  return count;
}
