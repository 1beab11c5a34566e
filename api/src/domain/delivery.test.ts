import { expect, it } from 'vitest';
import { deliveredBySegments, NO_REQUESTS, paceRequest, type RequestPace } from './delivery.ts';
import { VIEWING } from './viewing-rules.ts';

const OPENED = 1_000_000;
const SEGMENT_MS = 4_000;
const segment = (seq: number) => ({ fromMs: seq * SEGMENT_MS, toMs: (seq + 1) * SEGMENT_MS });

/** Requests at these moments of the session; which of them stay valid in the end. */
function validAfter(requests: { seq: number; atMs: number }[]): number[] {
  let pace: RequestPace = NO_REQUESTS;
  let valid: { seq: number; atMs: number }[] = [];
  for (const request of requests) {
    const asked = { media: segment(request.seq), atMs: OPENED + request.atMs };
    const judged = paceRequest(pace, asked, OPENED, VIEWING);
    pace = judged.pace;
    valid.push(request);
    const { voidFromMs } = judged;
    if (voidFromMs !== null) valid = valid.filter(({ atMs }) => OPENED + atMs < voidFromMs);
  }
  return valid.map(({ seq }) => seq);
}
const run = (from: number, count: number, atMs: number, everyMs: number) =>
  Array.from({ length: count }, (_, i) => ({ seq: from + i, atMs: atMs + i * everyMs }));

it.each([
  { name: 'a buffer of 60 s at the start', requests: run(0, 15, 0, 50), valid: 15 },
  {
    name: 'a buffer, then steady play',
    requests: [...run(0, 15, 0, 50), ...run(15, 60, 4_000, 4_000)],
    valid: 75,
  },
  { name: 'steady play at 1.5', requests: [...run(0, 15, 0, 50), ...run(15, 100, 2_667, 2_667)], valid: 115 },
  {
    name: 'a buffer, and a seek with a buffer a minute later',
    requests: [...run(0, 15, 0, 50), ...run(100, 15, 60_000, 50)],
    valid: 30,
  },
  { name: 'a whole course of five minutes in a burst', requests: run(0, 75, 0, 50), valid: 0 },
  {
    name: 'the same in order and back',
    requests: [...run(0, 75, 0, 20), ...run(0, 75, 2_000, 20)],
    valid: 0,
  },
  {
    name: 'a burst after a buffer spares the buffer',
    requests: [...run(0, 10, 0, 50), ...run(10, 90, 10_000, 20)],
    valid: 10,
  },
  {
    name: 'the same segment again and again',
    requests: Array.from({ length: 99 }, (_, i) => ({ seq: 3, atMs: i })),
    valid: 99,
  },
])('$name', ({ requests, valid }) => {
  expect(validAfter(requests)).toHaveLength(valid);
});

it('a client that went too far is heard again when its pace has come down', () => {
  const burst = run(0, 30, 0, 20); // 120 s of media, 30 s too much: caught up after 20 s.
  expect(validAfter([...burst, { seq: 5, atMs: 18_000 }])).toEqual([]);
  expect(validAfter([...burst, { seq: 5, atMs: 21_000 }])).toEqual([5]);
});

it('either track alone proves the media', () => {
  const stretch = { clock: { fromMs: OPENED, toMs: OPENED + 8_000 }, media: { fromMs: 0, toMs: 8_000 } };
  const audio = { media: { fromMs: 0, toMs: 3_990 }, requestedAtMs: OPENED, proven: true };
  const video = { media: { fromMs: 0, toMs: 4_000 }, requestedAtMs: OPENED, proven: false };
  const next = { media: { fromMs: 4_040, toMs: 8_080 }, requestedAtMs: OPENED, proven: true };
  expect(deliveredBySegments(stretch, [audio, video, next], VIEWING)).toEqual({
    delivered: [{ fromMs: 0, toMs: 8_000 }],
    awaited: [{ fromMs: 0, toMs: 8_000 }],
  });
});
