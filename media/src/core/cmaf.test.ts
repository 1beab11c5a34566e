import { describe, expect, it } from 'vitest';
import { MalformedBox } from './boxes.ts';
import { readFragmentHeader, type TrackHeader } from './cmaf.ts';

const KEY = 0x0200_0000;
const NOT_KEY = 0x0101_0000;
const TRACK: TrackHeader = {
  kind: 'video',
  timescale: 90_000,
  codec: 'avc1.42c01f',
  edits: [],
  defaultDuration: 3_000,
  defaultFlags: NOT_KEY,
};

function box(type: string, ...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + words.length * 4);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.write(type, 4, 'latin1');
  words.forEach((word, index) => bytes.writeUInt32BE(word, 8 + index * 4));
  return bytes;
}

function traf(...children: readonly Buffer[]): Buffer {
  const body = Buffer.concat(children);
  const header = box('traf');
  header.writeUInt32BE(8 + body.length, 0);
  return Buffer.concat([header, body]);
}

const tfhd = box('tfhd', 0x02_0000, 1);
const tfdt = box('tfdt', 0x0100_0000, 1, 5);
const START = 2 ** 32 + 5;

describe('readFragmentHeader', () => {
  it.each([
    {
      name: 'defaults of trex',
      children: [tfhd, tfdt, box('trun', 0, 3)],
      expected: { durationTicks: 9_000, samples: 3, isKey: false },
    },
    {
      name: 'defaults of tfhd',
      children: [box('tfhd', 0x02_0028, 1, 100, KEY), tfdt, box('trun', 0, 3)],
      expected: { durationTicks: 300, samples: 3, isKey: true },
    },
    {
      name: "the first sample's own flags",
      children: [tfhd, tfdt, box('trun', 0x05, 2, 99, KEY)],
      expected: { durationTicks: 6_000, samples: 2, isKey: true },
    },
    {
      name: "each sample's duration, size, flags and offset",
      children: [tfhd, tfdt, box('trun', 0xf01, 2, 99, 10, 1, KEY, 0, 20, 1, NOT_KEY, 0)],
      expected: { durationTicks: 30, samples: 2, isKey: true },
    },
    {
      name: 'several runs',
      children: [tfhd, tfdt, box('trun', 0x100, 1, 7), box('trun', 0x104, 1, KEY, 8)],
      expected: { durationTicks: 15, samples: 2, isKey: false },
    },
    { name: 'no samples', children: [tfhd, tfdt], expected: { durationTicks: 0, samples: 0, isKey: false } },
  ])('reads $name', ({ children, expected }) => {
    expect(readFragmentHeader(traf(...children), TRACK)).toEqual({ startTicks: START, ...expected });
  });

  it('reads a decode time of 32 bits', () => {
    const header = readFragmentHeader(traf(tfhd, box('tfdt', 0, 7)), TRACK);
    expect(header.startTicks).toBe(7);
  });

  it('refuses a fragment without a time', () => {
    expect(() => readFragmentHeader(traf(tfhd), TRACK)).toThrow(MalformedBox);
  });
});
