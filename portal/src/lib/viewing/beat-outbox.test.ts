import { newId, PlaybackId } from '@yike/contracts/ids';
import { problem } from '@yike/contracts/problem';
import type { Beat, BeatAck, BeatBatch } from '@yike/contracts/realtime/viewing';
import { beforeEach, expect, it } from 'vitest';
import { ApiProblem } from '#lib/api/call.ts';
import { BeatOutbox } from './beat-outbox.ts';
import type { BeatRef, BeatStore, KeptBeat } from './beat-store.ts';

const MINUTE = 60_000;
const playbackId = newId(PlaybackId);
const beat = (seq: number, of = playbackId): Beat => ({
  playbackId: of,
  seq,
  spans: [],
  proofs: [],
  positionMs: 0,
});
const ackOf = ({ beats }: BeatBatch): BeatAck => ({ acknowledged: beats, summary: null, holdsLease: true });

/** A device's database in memory. */
class FakeStore implements BeatStore {
  kept: KeptBeat[] = [];
  keep(kept: KeptBeat) {
    this.kept.push(kept);
    return Promise.resolve();
  }
  list() {
    return Promise.resolve([...this.kept]);
  }
  forget(beats: readonly BeatRef[]) {
    this.kept = this.kept.filter(
      ({ beat: { playbackId, seq } }) =>
        !beats.some((ref) => ref.playbackId === playbackId && ref.seq === seq),
    );
    return Promise.resolve();
  }
}

let now: number;
let store: FakeStore;
let batches: BeatBatch[];
let answer: (batch: BeatBatch) => Promise<BeatAck>;
const outbox = () =>
  new BeatOutbox({
    store,
    deliver: (batch) => {
      batches.push(batch);
      return answer(batch);
    },
    acknowledged: () => undefined,
    now: () => now,
  });
const unavailable = () => Promise.reject(new ApiProblem(problem('service-unavailable')));

beforeEach(() => {
  now = 100 * MINUTE;
  store = new FakeStore();
  batches = [];
  answer = (batch) => Promise.resolve(ackOf(batch));
});

it('forgets what was acknowledged', async () => {
  const box = outbox();
  box.add(beat(1));
  await box.flush();
  expect([box.size, store.kept.length]).toEqual([0, 0]);
});

it('keeps what was not, and sends it again', async () => {
  const box = outbox();
  answer = unavailable;
  box.add(beat(1));
  await box.flush();
  expect([box.size, store.kept.length]).toEqual([1, 1]);
  answer = (batch) => Promise.resolve(ackOf(batch));
  box.add(beat(2));
  await box.flush();
  expect(batches.at(-1)?.beats.map(({ seq }) => seq)).toEqual([1, 2]);
  expect([box.size, store.kept.length]).toEqual([0, 0]);
});

it.each([
  { name: 'ten minutes old', age: 10 * MINUTE, sent: 1 },
  { name: 'older than ten minutes', age: 10 * MINUTE + 1, sent: 0 },
])('a beat of an earlier page, $name, is sent $sent times', async ({ age, sent }) => {
  store.kept = [{ beat: beat(7), keptAt: now - age }];
  const box = outbox();
  await box.recover();
  await box.flush();
  expect(batches).toHaveLength(sent);
  expect(store.kept).toEqual([]);
});

it('one session that is refused does not hold up another', async () => {
  const foreign = newId(PlaybackId);
  answer = (batch) =>
    batch.beats[0]?.playbackId === foreign
      ? Promise.reject(new ApiProblem(problem('forbidden')))
      : Promise.resolve(ackOf(batch));
  const box = outbox();
  box.add(beat(1, foreign));
  box.add(beat(1));
  await box.flush();
  expect([box.size, store.kept.length]).toEqual([0, 0]);
  expect(batches).toHaveLength(2);
});

it('sends at most 60 beats in a batch', async () => {
  const box = outbox();
  for (let seq = 1; seq <= 130; seq++) box.add(beat(seq));
  await box.flush();
  expect(batches.map(({ beats }) => beats.length)).toEqual([60, 60, 10]);
});

it('a beacon holds the newest beats', () => {
  const box = outbox();
  for (let seq = 1; seq <= 100; seq++) box.add(beat(seq));
  const [beacon] = box.beacons();
  expect(beacon?.playbackId).toBe(playbackId);
  const { beats } = JSON.parse(beacon?.body ?? '') as BeatBatch;
  expect([beats.length, beats[0]?.seq, beats.at(-1)?.seq]).toEqual([60, 41, 100]);
});
