import { expect, it } from 'vitest';
import type { VerdictSum } from '@yike/contracts/http/viewing';
import { countedMs, inReadingOrder, refused } from './verdicts.ts';

const sums: VerdictSum[] = [
  { reason: 'paused', ms: 2_000 },
  { reason: 'pending', ms: 10_000 },
  { reason: 'repeat', ms: 0 },
  { reason: 'hidden', ms: 5_000 },
  { reason: 'counted', ms: 60_000 },
];

it('reads what counted, what waits, what was refused by its size', () =>
  expect(inReadingOrder(sums).map(({ reason }) => reason)).toEqual([
    'counted',
    'pending',
    'hidden',
    'paused',
  ]));
it('knows what was refused', () =>
  expect(refused(sums).map(({ reason }) => reason)).toEqual(['hidden', 'paused']));
it('knows what counted', () => expect(countedMs({ sums })).toBe(60_000));
it('counts nothing in a session without verdicts', () => expect(countedMs({ sums: [] })).toBe(0));
