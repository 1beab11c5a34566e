import { listCourses, getCourse } from '@yike/contracts/http/library';
import { getLearningAccount } from '@yike/contracts/http/bank';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { ForgedClient, nameOf } from './support/forged-client.ts';
import { secondsAfter } from './support/moments.ts';
import { ReplayReader } from './support/replay-reader.ts';
import type { Account } from './support/visitor.ts';

const BEATS = 1_000;
const BEATS_AT_ONCE = 50;
/** So long each forged client "plays", in real time. */
const PLAYED_MS = 20_000;
/** The session is a little longer than what was claimed, and the last claim ends a moment before the clock. */
const SLACK_MS = 1_500;

describe('forged clients get 0 s, and every second its reason', () => {
  let product: StartedProduct;
  let unitId = '';
  let lengthMs = 0;

  beforeAll(async () => {
    product = await startProduct();
    const { items } = await (await ReplayReader.signedIn(product.origin, 'lecturer')).get(listCourses);
    const longest = items.toSorted((a, b) => b.durationMs - a.durationMs)[0]!;
    const reader = await ReplayReader.signedIn(product.origin, 'lecturer');
    const { units } = await reader.get(getCourse, { courseId: longest.id });
    unitId = units[0]!.id;
    lengthMs = units[0]!.durationMs;
  });
  afterAll(() => product.stop());

  async function begin(account: Account): Promise<{ reader: ReplayReader; client: ForgedClient }> {
    const reader = await ReplayReader.signedIn(product.origin, account);
    return { reader, client: await ForgedClient.begin(reader, unitId) };
  }

  async function expectNothing(reader: ReplayReader, sums: Record<string, number>): Promise<void> {
    expect(sums.counted ?? 0).toBe(0);
    expect(sums.pending ?? 0).toBe(0);
    expect(sums['not-delivered']).toBeGreaterThanOrEqual(PLAYED_MS - SLACK_MS);
    expect(await reader.get(getLearningAccount)).toMatchObject({ watchedMs: 0, postedSeconds: 0 });
  }

  it.concurrent('1,000 beats without fetching anything', async () => {
    const { reader, client } = await begin('resident');
    const openedAtMs = Date.now();
    const step = PLAYED_MS / BEATS;
    for (let sent = 0; sent < BEATS; sent += BEATS_AT_ONCE) {
      await secondsAfter(openedAtMs, ((sent + BEATS_AT_ONCE) * step) / 1000);
      const beats = Array.from({ length: BEATS_AT_ONCE }, (_, index) => {
        const span = { fromMs: (sent + index) * step, toMs: (sent + index + 1) * step };
        return client.claim(span, span);
      });
      const { acknowledged } = await client.send(beats);
      expect(acknowledged).toHaveLength(BEATS_AT_ONCE);
    }
    await expectNothing(reader, await client.leave());
  });

  it.concurrent('segments asked for in time, the redirects not followed, the hashes invented', async () => {
    const { reader, client } = await begin('resident2');
    const [video, audio] = [await client.segments('video'), await client.segments('audio')];
    for (let atMs = 0, index = 0; atMs < PLAYED_MS; index += 1) {
      const [picture, sound] = [video[index]!, audio[index]!];
      const toMs = Math.min(PLAYED_MS, atMs + picture.durationMs);
      await Promise.all([client.askOnly(picture), client.askOnly(sound)]);
      await secondsAfter(Date.now() - client.clockMs, toMs / 1000);
      const proofs = [picture, sound].map(({ uri }) => ({ segment: nameOf(uri), sha256: 'ab'.repeat(32) }));
      const span = { fromMs: atMs, toMs };
      await client.send([client.claim(span, span, proofs)]);
      atMs = toMs;
    }
    await expectNothing(reader, await client.leave());
  });

  it.concurrent('all segments fetched in a burst, with honest hashes', async () => {
    const { reader, client } = await begin('admin');
    const proofs = [];
    for (const track of ['video', 'audio'] as const) {
      for (const segment of await client.segments(track)) proofs.push(await client.fetchWhole(segment));
    }
    expect(lengthMs).toBeGreaterThan(90_000 + 1.5 * client.clockMs);
    for (let atMs = 0; atMs < PLAYED_MS; atMs += 10_000) {
      const span = { fromMs: atMs, toMs: atMs + 10_000 };
      await secondsAfter(Date.now() - client.clockMs, span.toMs / 1000);
      await client.send([client.claim(span, span, proofs.splice(0, 100))]);
    }
    await expectNothing(reader, await client.leave());
  });
});
