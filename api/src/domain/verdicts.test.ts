import { expect, it } from 'vitest';
import { type Verdict, verdictChanges, withAwaitedSilence, withoutAwaitedSilence } from './verdicts.ts';

const counted = (fromMs: number, toMs: number): Verdict => {
  const clock = { fromMs, toMs };
  return { clock, media: clock, reason: 'counted' };
};
const silent = (fromMs: number, toMs: number): Verdict => ({
  clock: { fromMs, toMs },
  media: null,
  reason: 'pending',
});

it.each([
  { name: 'nothing', stored: [counted(0, 10)], judged: [counted(0, 10)], gone: [], added: [] },
  { name: 'a new one', stored: [], judged: [counted(0, 10)], gone: [], added: [counted(0, 10)] },
  {
    name: 'one that grew',
    stored: [counted(0, 10), counted(10, 20)],
    judged: [counted(0, 10), counted(10, 30)],
    gone: [counted(10, 20)],
    added: [counted(10, 30)],
  },
  {
    name: 'another reason',
    stored: [silent(0, 9)],
    judged: [counted(0, 9)],
    gone: [silent(0, 9)],
    added: [counted(0, 9)],
  },
])('changes: $name', ({ stored, judged, gone, added }) => {
  expect(verdictChanges(stored, judged)).toEqual({ gone, added });
});

it('the silence that is awaited is left out, and found again', () => {
  const verdicts = [counted(0, 10), silent(10, 14)];
  expect(withoutAwaitedSilence(verdicts)).toEqual([counted(0, 10)]);
  expect(withAwaitedSilence([counted(0, 10)], 0, 14)).toEqual(verdicts);
  expect(withAwaitedSilence([counted(0, 10)], 0, 10)).toEqual([counted(0, 10)]);
  expect(withAwaitedSilence([], 3, 14)).toEqual([silent(3, 14)]);
});

it('time that was played and awaits its evidence is kept', () => {
  const played: Verdict = { ...counted(10, 14), reason: 'pending' };
  expect(withoutAwaitedSilence([counted(0, 10), played])).toEqual([counted(0, 10), played]);
});
