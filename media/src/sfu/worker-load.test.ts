import { expect, it } from 'vitest';
import { loadOf, remember, type WorkerSample } from './worker-load.ts';

const sample = (more: Partial<WorkerSample> = {}): WorkerSample => ({
  cpuShare: 0,
  answerMs: 1,
  consumers: 0,
  ...more,
});
const late = sample({ answerMs: 300 });

it.each([
  { name: 'has just begun', samples: [], consumers: 0, load: 0 },
  { name: 'has just begun and is stormed', samples: [], consumers: 400, load: 1 },
  {
    name: 'uses 40 % of a core',
    samples: [sample({ cpuShare: 0.4, consumers: 200 })],
    consumers: 200,
    load: 0.5,
  },
  {
    name: 'uses 40 %, and half as many came since',
    samples: [sample({ cpuShare: 0.4, consumers: 200 })],
    consumers: 300,
    load: 0.75,
  },
  {
    name: 'uses 40 %, and half have left since',
    samples: [sample({ cpuShare: 0.4, consumers: 200 })],
    consumers: 100,
    load: 0.5,
  },
  {
    name: 'is fast: a count still bounds it',
    samples: [sample({ consumers: 900 })],
    consumers: 900,
    load: 0.9,
  },
  { name: 'answers late twice', samples: [late, late], consumers: 0, load: 0 },
  { name: 'answers late three times', samples: [late, late, late], consumers: 0, load: 1 },
  { name: 'answers late, but not each time', samples: [late, sample(), late], consumers: 0, load: 1 / 300 },
])('a worker that $name', ({ samples, consumers, load }) => {
  expect(loadOf(samples, consumers, 1000)).toBeCloseTo(load, 6);
});

it('keeps the last three', () => {
  const four = [1, 2, 3, 4].map((answerMs) => sample({ answerMs }));
  const kept = four.reduce<WorkerSample[]>((samples, each) => remember(samples, each), []);
  expect(kept.map(({ answerMs }) => answerMs)).toEqual([2, 3, 4]);
});
