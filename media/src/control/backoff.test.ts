import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it.each([
  { attempt: 0, chance: 0, waitMs: 250 },
  { attempt: 0, chance: 1, waitMs: 500 },
  { attempt: 3, chance: 0.5, waitMs: 3000 },
  { attempt: 9, chance: 1, waitMs: 15_000 },
  { attempt: 1e6, chance: 0, waitMs: 7500 },
])('try $attempt at chance $chance waits $waitMs ms', ({ attempt, chance, waitMs }) =>
  expect(backoffMs(attempt, { baseMs: 500, maxMs: 15_000 }, () => chance)).toBe(waitMs),
);
