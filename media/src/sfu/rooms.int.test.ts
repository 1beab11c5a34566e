import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventOutbox } from '../control/event-outbox.ts';
import { newCommand, TestNode, ticket } from './testing/node.ts';
import { CAPABILITIES, DTLS, Page, vp8 } from './testing/page.ts';
import { WorkerPool } from './worker-pool.ts';

let node: TestNode;
let pages: Page[] = [];

const page = async (broadcastId: string, mayPublish = false, options = {}) => {
  const opened = new Page(
    node.url,
    await ticket(broadcastId, { mayPublish, peerId: crypto.randomUUID() }),
    options,
  );
  pages.push(opened);
  return opened;
};
/** One broadcast's events: pages of the test before may still be leaving. */
const typesOf = (broadcastId: string) =>
  node.api.events.filter((event) => event.broadcastId === broadcastId).map(({ type }) => type);
const publish = async (lecturer: Page) => {
  const { id } = await lecturer.enter('send');
  await lecturer.publish(id, 'audio');
  await lecturer.publish(id, 'video');
  return id;
};

beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());
beforeEach(() => {
  node.recorder.told.length = 0;
  node.api.events.length = 0;
});
afterEach(() => {
  for (const opened of pages) opened.close();
  pages = [];
});

describe('a page that lost its socket', () => {
  it('finds its transports again by its resume token, and media went on', async () => {
    const { broadcastId } = await node.open();
    const lecturer = await page(broadcastId, true);
    const { resumeToken, transport } = await lecturer.join({ direction: 'send' });
    const transportId = transport!.id;
    await lecturer.must('transport:connect', { transportId, dtlsParameters: DTLS });
    const audio = await lecturer.publish(transportId, 'audio');
    lecturer.token = resumeToken;
    const back = new Promise<void>((resolve) => lecturer.socket.once('connect', resolve));
    lecturer.socket.io.engine.close(); // As a network does it: without a word to socket.io.
    await back;
    const joined = await lecturer.join({ direction: 'send' });
    expect(joined).toMatchObject({ resumed: true, state: { publisher: 'present', kinds: ['audio'] } });
    expect(joined.transport).toBeUndefined();
    await lecturer.must('producer:pause', { producerId: audio });
    expect(node.recorder.told).not.toContain('unpublish');
  });

  it('takes its own place when it was loaded anew', async () => {
    const { broadcastId } = await node.open();
    const claims = { mayPublish: true, peerId: 'lecturer' };
    const first = new Page(node.url, await ticket(broadcastId, claims));
    const second = new Page(node.url, await ticket(broadcastId, claims));
    pages.push(first, second);
    await publish(first);
    const ended = new Promise((resolve) => first.socket.once('disconnect', resolve));
    expect(await second.join()).toMatchObject({ resumed: false, state: { publisher: 'absent' } });
    expect(await ended).toBe('io server disconnect');
    const { id: transportId } = await second.must('transport:create', { direction: 'send' });
    await second.must('transport:connect', { transportId, dtlsParameters: DTLS });
    await second.publish(transportId, 'audio');
  });

  it('is cleaned up after 10 s', async () => {
    const { broadcastId } = await node.open();
    const lecturer = await page(broadcastId, true, { reconnection: false });
    await publish(lecturer);
    lecturer.socket.io.engine.close();
    const lostAt = performance.now();
    await expect.poll(() => node.recorder.told.at(-1), { timeout: 15_000, interval: 50 }).toBe('unpublish');
    expect(performance.now() - lostAt).toBeGreaterThan(9900);
    await expect.poll(() => typesOf(broadcastId)).toEqual(['publisher.joined', 'publisher.left']);
  });
});

describe('what happens in a room', () => {
  it('reaches the recorder: both kinds at once, one alone after a moment', async () => {
    const { broadcastId } = await node.open();
    const lecturer = await page(broadcastId, true);
    const { id: transportId } = await lecturer.enter('send');
    const audio = await lecturer.publish(transportId, 'audio');
    await lecturer.publish(transportId, 'video');
    await expect.poll(() => node.recorder.told).toEqual(['open 1000', 'publish audio+video']);
    await lecturer.must('producer:close', { producerId: audio });
    await expect.poll(() => node.recorder.told.at(-1), { timeout: 3000 }).toBe('publish video');
    lecturer.close();
    await expect.poll(() => node.recorder.told.at(-1)).toBe('unpublish');
  });

  it('reaches the API: numbered, in order, with the recorder’s epoch', async () => {
    const { broadcastId, recordingId } = await node.open();
    const lecturer = await page(broadcastId, true);
    await publish(lecturer);
    lecturer.close();
    await page(broadcastId).then((watching) => watching.join());
    const events = () => node.api.events.filter((event) => event.broadcastId === broadcastId);
    await expect.poll(() => events().length, { timeout: 3000 }).toBe(3);
    expect(events()).toMatchObject([
      { type: 'publisher.joined', n: 0, recordingId, epoch: 1001, nodeId: 'test' },
      { type: 'publisher.left', n: 1 },
      { type: 'room.viewers', n: 2, viewers: 1 },
    ]);
  });

  it('waits while the API is away, and arrives when it is back', async () => {
    const { broadcastId } = await node.open();
    node.api.isAway = true;
    const lecturer = await page(broadcastId, true);
    await publish(lecturer);
    lecturer.close();
    await expect.poll(() => node.app.get(EventOutbox).depth).toBeGreaterThanOrEqual(2);
    node.api.isAway = false;
    await expect
      .poll(() => typesOf(broadcastId), { timeout: 10_000 })
      .toEqual(['publisher.joined', 'publisher.left']);
  });
});

describe('control', () => {
  it.each([
    { name: 'unsigned', headers: { 'yike-signature': '' } },
    {
      name: 'signed by somebody else',
      headers: { 'yike-signature': `t=${Date.now()},v1=${'0'.repeat(64)}` },
    },
  ])('refuses a command that is $name', async ({ headers }) => {
    const reply = await node.command(newCommand(), headers);
    expect([reply.status, await reply.json()]).toMatchObject([401, { code: 'signature-invalid' }]);
  });

  it('opens once, however often it is told', async () => {
    const command = await node.open();
    const reply = await node.command(command);
    expect(await reply.json()).toMatchObject({
      state: 'open',
      publisher: 'absent',
      viewers: 0,
      lastEpoch: 1001,
    });
    expect(node.recorder.told).toEqual(['open 1000']);
  });

  it('follows a later placement, not an earlier one', async () => {
    const command = await node.open();
    expect((await node.command({ ...command, firstEpoch: 2000 })).status).toBe(200);
    const reply = await node.command(command);
    expect(await reply.json()).toMatchObject({ code: 'stale-epoch' });
    expect(node.recorder.told).toEqual(['open 1000', 'open 2000']);
  });

  it('closes: pages are told, the recording is finished, tokens are worth nothing', async () => {
    const command = await node.open();
    const watching = await page(command.broadcastId);
    const { resumeToken } = await watching.join();
    const told = watching.next('room:closed');
    const close = { ...command, state: 'closed', closeReason: 'stopped' } as const;
    expect((await node.command(close)).status).toBe(200);
    expect(await told).toEqual({ reason: 'stopped' });
    await expect.poll(() => node.recorder.told).toEqual(['open 1000', 'close']);
    const late = new Page(node.url, resumeToken);
    pages.push(late);
    expect(await late.admitted()).toMatchObject({ code: 'broadcast-ended' });
    const again = await node.command(close);
    expect(await again.json()).toMatchObject({ state: 'closed' });
    expect(await (await node.command(command)).json()).toMatchObject({ code: 'broadcast-ended' });
    expect(node.recorder.told).toEqual(['open 1000', 'close']);
  });

  it('opens by the heartbeat’s reply what it does not have, and closes what is not wanted any more', async () => {
    const command = newCommand();
    node.api.wanted = [command];
    await expect.poll(() => node.recorder.told, { timeout: 7000 }).toContain('open 1000');
    const watching = await page(command.broadcastId);
    await watching.join();
    node.api.wanted = [];
    const told = watching.next('room:closed');
    expect(await told).toEqual({ reason: 'moved' });
    expect(node.api.heartbeats.at(-1)).toMatchObject({
      nodeId: 'test',
      state: 'ready',
      controlUrl: node.url,
    });
  });
});

describe('a mediasoup worker that is killed', () => {
  it('is replaced, its room rebuilt, and its pages come back by themselves', async () => {
    const { broadcastId } = await node.open();
    const lecturer = await page(broadcastId, true);
    await publish(lecturer);
    const pool = node.app.get(WorkerPool);
    const back = new Promise<void>((resolve) => lecturer.socket.once('connect', resolve));
    const killedAt = performance.now();
    process.kill(pool.workers[0]!.pid, 'SIGKILL');
    await back;
    const joined = await lecturer.join();
    expect(joined).toMatchObject({ resumed: false, state: { publisher: 'absent' } });
    const { id: transportId } = await lecturer.must('transport:create', { direction: 'send' });
    await lecturer.must('transport:connect', { transportId, dtlsParameters: DTLS });
    await lecturer.publish(transportId, 'audio');
    await lecturer.publish(transportId, 'video');
    expect(performance.now() - killedAt).toBeLessThan(5000);
    expect(pool.areAllUp).toBe(true);
    await expect
      .poll(() => node.recorder.told)
      .toEqual(['open 1000', 'publish audio+video', 'unpublish', 'publish audio+video']);
  });
});

describe('a picture that must be encoded anew', () => {
  it('takes one of the places for that; who finds none is told so, and is heard', async () => {
    const own = await TestNode.start({ MAX_TRANSCODES: '1' });
    const enter = async () => {
      const { broadcastId } = await own.open();
      const lecturer = new Page(own.url, await ticket(broadcastId, { mayPublish: true }));
      const { id } = await lecturer.enter('send');
      const picture = { transportId: id, kind: 'video', rtpParameters: vp8() };
      return { lecturer, id, sendPicture: () => lecturer.refusal('producer:create', picture) };
    };
    const [first, second] = [await enter(), await enter()];
    expect(await first.sendPicture()).toBe('ok');
    expect(await second.sendPicture()).toBe('transcoder-full');
    await second.lecturer.publish(second.id, 'audio');
    expect(await second.sendPicture()).toBe('transcoder-full');
    await second.lecturer.publish(second.id, 'video'); // H.264 is copied: it needs no place.
    const { lecturer, sendPicture } = await enter();
    expect(await sendPicture()).toBe('transcoder-full');
    first.lecturer.close();
    await expect.poll(sendPicture).toBe('ok');
    for (const page of [second.lecturer, lecturer]) page.close();
    await own.close();
  });
});

describe('a worker that carries as much as it can', () => {
  it('lets nobody else watch, but the lecturer in, and back whoever was here', async () => {
    const own = await TestNode.start({ MAX_CONSUMERS_PER_WORKER: '2' });
    const { broadcastId } = await own.open();
    const lecturer = new Page(own.url, await ticket(broadcastId, { mayPublish: true }));
    await publish(lecturer);
    const [first, second] = [
      new Page(own.url, await ticket(broadcastId)),
      new Page(own.url, await ticket(broadcastId)),
    ];
    const { id } = await first.enter('receive');
    const { id: tooLate } = await second.enter('receive');
    expect(await first.consumeAll(id)).toHaveLength(2);
    const asked = { transportId: tooLate, rtpCapabilities: CAPABILITIES };
    expect(await second.refusal('consumer:create-all', asked)).toBe('node-full');
    const third = new Page(own.url, await ticket(broadcastId));
    expect(await third.refusal('room:join', {})).toBe('node-full');
    expect(await first.consumeAll(id)).toHaveLength(2);
    const another = new Page(own.url, await ticket(broadcastId, { mayPublish: true }));
    await another.join();
    await expect.poll(() => own.api.heartbeats.at(-1)?.load, { timeout: 7000 }).toBeGreaterThanOrEqual(1);
    for (const opened of [lecturer, first, second, third, another]) opened.close();
    await own.close();
  });
});

describe('the end of the process', () => {
  it('is not known to the workers, which are there until all is drained', async () => {
    const listeners = () => ['SIGTERM', 'SIGINT'].map((signal) => process.listenerCount(signal));
    const before = listeners();
    const own = await TestNode.start();
    expect(listeners()).toEqual(before);
    await own.close();
  });

  it('may find the workers dead and the rooms waiting for others', async () => {
    const own = await TestNode.start();
    const { broadcastId } = await own.open();
    const lecturer = new Page(own.url, await ticket(broadcastId, { mayPublish: true }));
    await publish(lecturer);
    own.app.get(WorkerPool).close();
    await own.close();
    lecturer.close();
  });

  it('drains: the API and the pages are told, recorders stopped, events flushed', async () => {
    const own = await TestNode.start();
    const { broadcastId } = await own.open();
    const lecturer = new Page(own.url, await ticket(broadcastId, { mayPublish: true }));
    await publish(lecturer);
    const told = lecturer.next('room:closed');
    const began = performance.now();
    const closing = own.close();
    expect(await told).toEqual({ reason: 'draining' });
    const late = new Page(own.url, await ticket(broadcastId), { reconnection: false });
    expect(await late.admitted()).not.toBeNull();
    await closing;
    expect(performance.now() - began).toBeLessThan(8000);
    expect(own.api.heartbeats.at(-1)?.state).toBe('draining');
    expect(own.recorder.told.slice(-2)).toEqual(['unpublish', 'shutdown']);
    expect(own.api.of('publisher.left')).toHaveLength(1);
    lecturer.close();
  });
});

describe('a node that was just started', () => {
  it('lets pages wait until the API has said what it carries', async () => {
    const own = await TestNode.start({}, (api) => (api.isAway = true));
    const command = newCommand();
    own.api.wanted = [command];
    const early = new Page(own.url, await ticket(command.broadcastId));
    const admitted = early.admitted();
    own.api.isAway = false;
    expect(await admitted).toBeNull();
    early.close();
    await own.close();
  });

  it('has its rooms again while the API is away: a resume token is enough', async () => {
    const command = newCommand();
    const own = await TestNode.start({}, (api, recorder) => {
      api.isAway = true;
      recorder.wasOpen = [command];
    });
    const claims = { use: 'resume', mayPublish: true } as const;
    const back = new Page(own.url, await ticket(command.broadcastId, claims));
    const askedAt = performance.now();
    expect(await back.admitted()).toBeNull();
    expect(performance.now() - askedAt).toBeLessThan(1000);
    await publish(back);
    await expect.poll(() => own.recorder.told.at(-1)).toBe('publish audio+video');
    back.close();
    await own.close();
  });

  it('closes what it had open and the API wants no more, when it speaks', async () => {
    const command = newCommand();
    const own = await TestNode.start({}, (api, recorder) => {
      api.wanted = [{ ...command, state: 'closed', closeReason: 'ended' }];
      recorder.wasOpen = [command];
    });
    await expect.poll(() => own.recorder.told.at(-1)).toBe('close');
    const late = new Page(own.url, await ticket(command.broadcastId));
    expect(await late.admitted()).toMatchObject({ code: 'broadcast-ended' });
    late.close();
    await own.close();
  });
});
