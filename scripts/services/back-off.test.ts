import { expect, it } from 'vitest';
import { restartDelayMs } from './back-off.ts';

it.each([
  { deaths: 1, waitMs: 0 },
  { deaths: 2, waitMs: 500 },
  { deaths: 3, waitMs: 1_000 },
  { deaths: 7, waitMs: 16_000 },
  { deaths: 8, waitMs: 30_000 },
  { deaths: 5_000, waitMs: 30_000 },
])('after $deaths deaths: $waitMs ms', ({ deaths, waitMs }) => expect(restartDelayMs(deaths)).toBe(waitMs));
