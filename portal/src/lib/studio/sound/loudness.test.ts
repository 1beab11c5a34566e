import { expect, it } from 'vitest';
import { fillOf, judgeLoudness, type Level } from './loudness.ts';

it.each([
  { rms: 0, fill: 0 },
  { rms: 0.0005, fill: 0 },
  { rms: 0.001, fill: 0 },
  { rms: 0.1, fill: 2 / 3 },
  { rms: 1, fill: 1 },
  { rms: 2, fill: 1 },
])('rms $rms fills $fill', ({ rms, fill }) => expect(fillOf(rms)).toBeCloseTo(fill, 5));

const levels = (...peaks: number[]): Level[] => peaks.map((peak) => ({ peak, rms: peak / 3 }));
it.each([
  { name: 'nothing yet', recent: [], verdict: 'silent' },
  { name: 'a dead microphone', recent: levels(0, 0.001, 0), verdict: 'silent' },
  { name: 'a whisper', recent: levels(0.003, 0.019), verdict: 'quiet' },
  { name: 'speech with pauses', recent: levels(0, 0.3, 0, 0.02), verdict: 'good' },
  { name: 'one clap', recent: levels(...Array<number>(20).fill(0.3), 1), verdict: 'good' },
  { name: 'clipping', recent: levels(0.5, 1, 1, 0.99), verdict: 'loud' },
])('$name is $verdict', ({ recent, verdict }) => expect(judgeLoudness(recent)).toBe(verdict));
