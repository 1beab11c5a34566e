import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CAPABILITIES, DTLS, h264, opus, Page } from './testing/page.ts';
import { SECRET, TestNode, ticket } from './testing/node.ts';
import { RawSocket } from './testing/raw-socket.ts';

let node: TestNode;
let broadcastId: string;
let pages: Page[] = [];

beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());
afterEach(() => {
  for (const page of pages) page.close();
  pages = [];
});

const open = async () => ({ broadcastId } = await node.open());
const page = (token: string, options = {}) => {
  const opened = new Page(node.url, token, options);
  pages.push(opened);
  return opened;
};
const viewer = async () => page(await ticket(broadcastId));
const publisher = async () => page(await ticket(broadcastId, { mayPublish: true }));

describe('the door', () => {
  beforeAll(open);

  it('lets a ticket in', async () => expect(await (await viewer()).admitted()).toBeNull());

  it.each([
    { name: 'forged', token: () => ticket(broadcastId, {}, `${SECRET}!`), code: 'token-invalid' },
    { name: 'expired', token: () => ticket(broadcastId, { exp: 1_700_000_000 }), code: 'token-invalid' },
    { name: 'no token', token: () => Promise.resolve('x'), code: 'token-invalid' },
    { name: 'a token of 3 kB', token: () => Promise.resolve('x'.repeat(3000)), code: 'invalid-request' },
    {
      name: 'of a broadcast elsewhere',
      token: () => ticket(crypto.randomUUID()),
      code: 'broadcast-not-live',
    },
  ])('$name: $code', async ({ token, code }) =>
    expect(await page(await token()).admitted()).toMatchObject({ code }),
  );

  it('is shut to another page’s origin, open to its own', async () => {
    const from = (origin: string) => ({ extraHeaders: { origin } });
    const token = await ticket(broadcastId);
    expect(await page(token, from('https://evil.example')).admitted()).toBeInstanceOf(Error);
    expect(await page(token, from(node.url)).admitted()).toBeNull();
  });
});

describe('a viewer', () => {
  beforeAll(open);

  it('joins, gets a transport and waits for the lecturer', async () => {
    const watching = await viewer();
    const joined = await watching.join();
    expect(joined).toMatchObject({ resumed: false, state: { publisher: 'absent', kinds: [], viewers: 1 } });
    const { id, iceCandidates } = await watching.must('transport:create', { direction: 'receive' });
    expect(iceCandidates.map(({ protocol }) => protocol).sort()).toEqual(['tcp', 'udp']);
    await watching.must('transport:connect', { transportId: id, dtlsParameters: DTLS });
    expect(await watching.consumeAll(id)).toEqual([]);
  });

  it('gets a transport with the answer to its join, and need not wait for that to be connected', async () => {
    const watching = await viewer();
    const { transport } = await watching.join({ direction: 'receive' });
    const transportId = transport!.id;
    const connected = watching.must('transport:connect', { transportId, dtlsParameters: DTLS });
    expect(await watching.consumeAll(transportId)).toEqual([]);
    expect(await connected).toBeNull();
  });

  it('is refused a transport to send by, and may join without', async () => {
    const watching = await viewer();
    expect(await watching.refusal('room:join', { direction: 'send' })).toBe('forbidden');
    expect((await watching.join()).transport).toBeUndefined();
  });

  it('is refused what comes out of order', async () => {
    const watching = await viewer();
    expect(await watching.refusal('transport:create', { direction: 'receive' })).toBe('wrong-state');
    await watching.join();
    expect(await watching.refusal('room:join', {})).toBe('wrong-state');
    const { id: transportId } = await watching.must('transport:create', { direction: 'receive' });
    expect(await watching.refusal('consumer:resume', { consumerId: 'x' })).toBe('not-found');
    await watching.must('transport:connect', { transportId, dtlsParameters: DTLS });
    expect(await watching.refusal('transport:connect', { transportId, dtlsParameters: DTLS })).toBe(
      'wrong-state',
    );
  });

  it('cannot publish', async () => {
    const watching = await viewer();
    const { id: transportId } = await watching.enter('receive');
    expect(await watching.refusal('transport:create', { direction: 'send' })).toBe('forbidden');
    expect(
      await watching.refusal('producer:create', { transportId, kind: 'audio', rtpParameters: opus() }),
    ).toBe('forbidden');
  });

  it('cannot touch what is another’s', async () => {
    const [one, other] = [await viewer(), await viewer()];
    const { id: transportId } = await one.enter('receive');
    await other.join();
    expect(await other.refusal('transport:connect', { transportId, dtlsParameters: DTLS })).toBe('not-found');
    const consume = { transportId, rtpCapabilities: CAPABILITIES };
    expect(await other.refusal('consumer:create-all', consume)).toBe('not-found');
    for (const event of ['producer:pause', 'producer:resume', 'producer:close']) {
      expect(await other.refusal(event, { producerId: transportId })).toBe('forbidden');
    }
  });
});

describe('a publisher', () => {
  beforeAll(open);

  it('is seen, consumed once each, and gone when it closes', async () => {
    const watching = await viewer();
    const receiving = await watching.enter('receive');
    const lecturer = await publisher();
    const sending = await lecturer.enter('send');
    const news = watching.next('room:producers');
    const audio = await lecturer.publish(sending.id, 'audio');
    expect(await news).toMatchObject({ publisher: 'present', kinds: ['audio'] });
    const video = await lecturer.publish(sending.id, 'video');

    const consumers = await watching.consumeAll(receiving.id);
    expect(consumers.map(({ producerId }) => producerId).sort()).toEqual([audio, video].sort());
    expect(await watching.consumeAll(receiving.id)).toEqual(consumers);
    for (const { id: consumerId } of consumers) await watching.must('consumer:resume', { consumerId });
    expect(await lecturer.refusal('consumer:resume', { consumerId: consumers[0]?.id })).toBe('not-found');

    await lecturer.must('producer:pause', { producerId: video });
    await lecturer.must('producer:resume', { producerId: video });
    const closed = watching.next('consumer:closed');
    await lecturer.must('producer:close', { producerId: video });
    expect(consumers.map(({ id }) => id)).toContain((await closed).consumerId);
    expect(await lecturer.refusal('producer:close', { producerId: video })).toBe('not-found');
    lecturer.close();
    await expect.poll(() => node.recorder.told.at(-1)).toBe('unpublish');
  });

  it('is refused what cannot be', async () => {
    const lecturer = await publisher();
    await lecturer.join();
    const { id: transportId } = await lecturer.must('transport:create', { direction: 'send' });
    const produce = (rtpParameters: object, kind = 'audio') =>
      lecturer.refusal('producer:create', { transportId, kind, rtpParameters });
    expect(await produce(opus())).toBe('wrong-state');
    const noFingerprint = { role: 'client', fingerprints: [] };
    expect(await lecturer.refusal('transport:connect', { transportId, dtlsParameters: noFingerprint })).toBe(
      'invalid-request',
    );
    await lecturer.must('transport:connect', { transportId, dtlsParameters: DTLS });

    const av1 = { ...h264(), codecs: [{ mimeType: 'video/AV1', payloadType: 102, clockRate: 90_000 }] };
    expect(await produce(av1, 'video')).toBe('codec-not-supported');
    expect(await produce({ ...opus(), codecs: [] })).toBe('invalid-request');
    expect(await produce({ ...opus(), encodings: [{ ssrc: 0 }] })).toBe('invalid-request');
    expect(await produce({ ...opus(), encodings: [{ ssrc: 2 ** 32 }] })).toBe('invalid-request');
    expect(await produce({ ...opus(), surprise: 1 }, 'sideways')).toBe('invalid-request');
    const clashing = { ...h264(), codecs: [...h264().codecs.slice(0, 1), ...h264().codecs.slice(0, 1)] };
    expect(await produce(clashing, 'video')).toBe('invalid-request');
    const sound = opus();
    expect(await produce(sound)).toBe('ok');
    expect(await produce(opus())).toBe('already-publishing');
    const [{ ssrc }] = sound.encodings as [{ ssrc: number }];
    expect(await produce({ ...h264(), encodings: [{ ssrc }] }, 'video')).toBe('invalid-request');
    expect(await produce({ ...h264(), mid: sound.mid }, 'video')).toBe('invalid-request');
    expect(await produce({ ...h264(), encodings: [{ ssrc: 7, rtx: { ssrc: 7 } }] }, 'video')).toBe(
      'invalid-request',
    );

    const second = await publisher();
    const { id: other } = await second.enter('send');
    const again = { transportId: other, kind: 'audio', rtpParameters: opus() };
    expect(await second.refusal('producer:create', again)).toBe('already-publishing');
    const ofTheFirst = { transportId, kind: 'video', rtpParameters: h264() };
    expect(await second.refusal('producer:create', ofTheFirst)).toBe('not-found');
  });

  it('is one even when both kinds are asked for twice at once', async () => {
    const lecturer = await publisher();
    const { id: transportId } = await lecturer.enter('send');
    const ask = () =>
      lecturer.refusal('producer:create', { transportId, kind: 'video', rtpParameters: h264() });
    expect((await Promise.all([ask(), ask(), ask()])).sort()).toEqual([
      'already-publishing',
      'already-publishing',
      'ok',
    ]);
  });

  it('hears every 2 s how it does', async () => {
    const lecturer = await publisher();
    await lecturer.enter('send');
    expect(await lecturer.next('broadcast:health')).toMatchObject({
      recording: 'running',
      savedMs: 8000,
      lossUp: 0,
    });
  });
});

describe('bad input', () => {
  beforeAll(open);

  it.each([
    { name: 'nothing', event: 'room:join', content: undefined },
    { name: 'a word', event: 'room:join', content: 'x' },
    { name: 'an unknown field', event: 'room:join', content: { x: 1 } },
    {
      name: '__proto__',
      event: 'room:join',
      content: JSON.parse('{"__proto__":{"mayPublish":true}}') as unknown,
    },
    { name: 'a binary frame', event: 'room:join', content: Buffer.alloc(1000) },
    { name: 'bytes inside', event: 'transport:create', content: { direction: Buffer.from('send') } },
    { name: 'an unknown request', event: 'room:destroy', content: {} },
    { name: 'a request named __proto__', event: '__proto__', content: {} },
    { name: 'an id of 10 kB', event: 'consumer:resume', content: { consumerId: 'x'.repeat(10_000) } },
    {
      name: 'a deep nest',
      event: 'room:join',
      content: JSON.parse('['.repeat(999) + ']'.repeat(999)) as unknown,
    },
  ])('$name is refused and harmless', async ({ event, content }) => {
    const watching = await viewer();
    expect(await watching.refusal(event, content)).toBe('invalid-request');
    expect(({} as Record<string, unknown>).mayPublish).toBeUndefined();
    await watching.join();
  });

  it('without anybody to answer to is harmless', async () => {
    const watching = await viewer();
    await watching.admitted();
    watching.socket.emit('room:join', {});
    await expect.poll(() => watching.refusal('room:join', {})).toBe('wrong-state');
  });

  it.each([
    {
      name: 'a nest of 30,000',
      frame: `420["room:join",${'['.repeat(30_000)}${']'.repeat(30_000)}]`,
      ends: false,
    },
    { name: 'half a packet', frame: '420["room:join"', ends: true },
    { name: 'bytes that nobody announced', frame: new Uint8Array([4, 2, 0]), ends: true },
    { name: 'a promise of a million attachments', frame: '451000000-["room:join",{}]', ends: true },
  ])('past socket.io’s client: $name', async ({ frame, ends }) => {
    const raw = new RawSocket(node.url, await ticket(broadcastId));
    await raw.admitted;
    raw.send(frame);
    const outcome = await raw.outcome();
    expect(outcome).toContain(ends ? 'closed' : 'invalid-request');
    await (await viewer()).join();
  });

  it('of 1 MB ends that connection only', async () => {
    const [flooding, watching] = [await viewer(), await viewer()];
    await Promise.all([flooding.admitted(), watching.join()]);
    const ended = new Promise((resolve) => flooding.socket.once('disconnect', resolve));
    flooding.socket.emit('room:join', { x: 'x'.repeat(1_000_000) }, () => undefined);
    await ended;
    await watching.must('transport:create', { direction: 'receive' });
  });

  it('in a flood of 10,000 messages ends that connection, and the others hardly notice', async () => {
    const [flooding, watching] = [await viewer(), await viewer()];
    await Promise.all([flooding.join(), watching.join()]);
    const ended = new Promise((resolve) => flooding.socket.once('disconnect', resolve));
    for (let i = 0; i < 10_000; i += 1) flooding.socket.emit('room:join', {}, () => undefined);
    const askedAt = performance.now();
    await watching.must('transport:create', { direction: 'receive' });
    expect(performance.now() - askedAt).toBeLessThan(1500);
    expect(await ended).toBe('io server disconnect');
  });

  it('a little too fast is told when to come back', async () => {
    const watching = await viewer();
    await watching.join();
    const codes = await Promise.all(Array.from({ length: 60 }, () => watching.refusal('room:join', {})));
    expect(new Set(codes)).toEqual(new Set(['wrong-state', 'too-many-requests']));
  });
});
