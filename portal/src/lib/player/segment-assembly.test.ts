import { expect, it } from 'vitest';
import { SegmentAssembly } from './segment-assembly.ts';

const NAME = '0/video/7';
const bytes = (...values: number[]): ArrayBuffer => new Uint8Array(values).buffer;

type Step = ['part', number, ArrayBuffer] | ['count', number];

it.each<{ name: string; steps: Step[]; whole: number[][] }>([
  {
    name: 'whole when the playlist names its number of parts',
    steps: [
      ['part', 0, bytes(1)],
      ['part', 1, bytes(2, 3)],
      ['count', 2],
    ],
    whole: [[1, 2, 3]],
  },
  {
    name: 'whole when the last part comes after that',
    steps: [
      ['part', 0, bytes(1)],
      ['count', 2],
      ['part', 1, bytes(2, 3)],
    ],
    whole: [[1, 2, 3]],
  },
  {
    name: 'in order, whatever the order of arrival',
    steps: [
      ['part', 1, bytes(2)],
      ['part', 0, bytes(1)],
      ['count', 2],
    ],
    whole: [[1, 2]],
  },
  {
    name: 'told once',
    steps: [
      ['part', 0, bytes(1)],
      ['count', 1],
      ['count', 1],
      ['part', 0, bytes(1)],
      ['count', 1],
    ],
    whole: [[1]],
  },
  {
    name: 'not whole while a part is missing',
    steps: [
      ['part', 1, bytes(2)],
      ['part', 2, bytes(3)],
      ['count', 3],
    ],
    whole: [],
  },
  {
    name: 'not whole with a part too many and one too few',
    steps: [
      ['part', 0, bytes(1)],
      ['part', 2, bytes(3)],
      ['count', 2],
    ],
    whole: [],
  },
  { name: 'nothing of what never arrived', steps: [['count', 2]], whole: [] },
])('$name', ({ steps, whole }) => {
  const heard: number[][] = [];
  const assembly = new SegmentAssembly((segment, joined) => {
    expect(segment).toBe(NAME);
    heard.push([...new Uint8Array(joined)]);
  });
  for (const step of steps) {
    if (step[0] === 'part') assembly.take(NAME, step[1], step[2]);
    else assembly.expect(NAME, step[1]);
  }
  expect(heard).toEqual(whole);
});

it('copies a part, as its buffer is handed on', () => {
  const heard: number[][] = [];
  const assembly = new SegmentAssembly((_, joined) => heard.push([...new Uint8Array(joined)]));
  const buffer = bytes(1, 2);
  assembly.take(NAME, 0, buffer);
  structuredClone(buffer, { transfer: [buffer] });
  assembly.expect(NAME, 1);
  expect(heard).toEqual([[1, 2]]);
});

it('forgets what others have overtaken', () => {
  const heard: string[] = [];
  const assembly = new SegmentAssembly((segment) => heard.push(segment));
  assembly.take('0/video/1', 0, bytes(1));
  for (let seq = 2; seq <= 7; seq += 1) assembly.take(`0/video/${seq}`, 0, bytes(seq));
  for (let seq = 1; seq <= 7; seq += 1) assembly.expect(`0/video/${seq}`, 1);
  expect(heard).toEqual([2, 3, 4, 5, 6, 7].map((seq) => `0/video/${seq}`));
});
