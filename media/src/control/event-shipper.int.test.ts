import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MediaNodeId } from '@yike/contracts/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../platform/logger.ts';
import { Metrics } from '../platform/metrics.ts';
import { FakeApi } from '../sfu/testing/fake-api.ts';
import { ApiClient } from './api-client.ts';
import { EventOutbox } from './event-outbox.ts';
import { EventShipper } from './event-shipper.ts';
import { draftOf } from './testing/events.ts';

const SECRET = 'the secret of a node under test, 32 bytes';
const viewers = (count: number) => draftOf({ type: 'room.viewers', viewers: count });
const joined = draftOf({ type: 'publisher.joined' });

let folder: string;
let api: FakeApi;
let outbox: EventOutbox;
let shipper: EventShipper;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'shipper-'));
  api = new FakeApi(SECRET);
  const log = createLog('silent');
  outbox = new EventOutbox(
    { SPOOL_DIR: folder, MEDIA_NODE_ID: MediaNodeId.parse('test') },
    log,
    new Metrics(),
  );
  const client = new ApiClient({ API_URL: await api.listen(), MEDIA_NODE_SECRET: SECRET });
  shipper = new EventShipper(outbox, client, log);
});
afterEach(async () => {
  shipper.stop();
  await outbox.close();
  api.close();
  rmSync(folder, { recursive: true });
});

const emitted = async (count: number) => {
  for (let i = 0; i < count; i += 1) await outbox.emit(viewers(i));
};
const arrived = () => api.of('room.viewers').map((event) => event.viewers);
const parked = () =>
  readFileSync(path.join(folder, 'outbox', 'refused.jsonl'), 'utf8')
    .trim()
    .split('\n').length;

describe('the shipper', () => {
  it('carries what was there before it, and what comes, in order', async () => {
    await emitted(3);
    shipper.start();
    await outbox.emit(viewers(3));
    await expect.poll(arrived).toEqual([0, 1, 2, 3]);
    expect(outbox.depth).toBe(0);
  });

  it('waits while the API is away and loses nothing, nor the order', async () => {
    api.isAway = true;
    shipper.start();
    await emitted(5);
    api.isAway = false;
    await expect.poll(arrived, { timeout: 5000 }).toEqual([0, 1, 2, 3, 4]);
  });

  it('flushes at once where it was waiting for an API that was away', async () => {
    api.isAway = true;
    shipper.start();
    await emitted(2);
    await expect.poll(() => api.turnedAway, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    api.isAway = false;
    await shipper.flush(1000);
    expect(arrived()).toEqual([0, 1]);
  });

  it('parks what the API refuses by name', async () => {
    api.refuses = (event) => (event.type === 'publisher.joined' ? 'event' : undefined);
    await emitted(2);
    await outbox.emit(joined);
    shipper.start();
    await expect.poll(arrived).toEqual([0, 1]);
    await expect.poll(() => outbox.depth).toBe(0);
    expect(parked()).toBe(1);
  });

  it('finds the one that spoils a whole batch, and parks only that', async () => {
    api.refuses = (event) => (event.type === 'room.viewers' && event.viewers === 5 ? 'batch' : undefined);
    await emitted(8);
    shipper.start();
    await expect.poll(arrived).toEqual([0, 1, 2, 3, 4, 6, 7]);
    expect(parked()).toBe(1);
  });

  it('flushes within its time, and no longer', async () => {
    shipper.start();
    await emitted(20);
    await shipper.flush(1000);
    expect(outbox.depth).toBe(0);
    api.isAway = true;
    await emitted(1);
    const began = performance.now();
    await shipper.flush(300);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(outbox.depth).toBe(1);
  });
});
