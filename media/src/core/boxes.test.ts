import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoxReader, childBoxes, findBox, MalformedBox } from './boxes.ts';

const MAX = 1_000;

function box(type: string, body: Uint8Array, isLong = false): Uint8Array {
  const header = new Uint8Array(isLong ? 16 : 8);
  const view = new DataView(header.buffer);
  view.setUint32(0, isLong ? 1 : 8 + body.length);
  header.set(Buffer.from(type, 'latin1'), 4);
  if (isLong) view.setBigUint64(8, BigInt(16 + body.length));
  return Buffer.concat([header, body]);
}

const boxes = fc.array(
  fc.record({
    type: fc.constantFrom('ftyp', 'moov', 'moof', 'mdat', 'free'),
    body: fc.uint8Array({ maxLength: 60 }),
    isLong: fc.boolean(),
  }),
  { maxLength: 8 },
);

describe('BoxReader', () => {
  it('finds the same boxes however the stream is cut', () => {
    fc.assert(
      fc.property(boxes, fc.array(fc.integer({ min: 1, max: 40 })), (given, sizes) => {
        const stream = Buffer.concat(given.map(({ type, body, isLong }) => box(type, body, isLong)));
        const reader = new BoxReader(MAX);
        const found = [];
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const size = sizes[cut] ?? 7;
          found.push(...reader.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(found.map(({ type, body }) => ({ type, body: [...body] }))).toEqual(
          given.map(({ type, body }) => ({ type, body: [...body] })),
        );
        expect(Buffer.concat(found.map(({ bytes }) => bytes))).toEqual(stream);
      }),
    );
  });

  it('keeps nothing of the chunks', () => {
    const chunk = box('mdat', Uint8Array.of(1, 2, 3));
    const [found] = new BoxReader(MAX).push(chunk);
    chunk.fill(0);
    expect([...found!.body]).toEqual([1, 2, 3]);
  });

  it.each([
    { name: 'of 7 bytes', bytes: [0, 0, 0, 7, 102, 114, 101, 101] },
    { name: 'to the end of the file', bytes: [0, 0, 0, 0, 102, 114, 101, 101] },
    { name: 'larger than allowed', bytes: [0, 0, 3, 233, 102, 114, 101, 101] },
    { name: 'long, of 15 bytes', bytes: [0, 0, 0, 1, 102, 114, 101, 101, 0, 0, 0, 0, 0, 0, 0, 15] },
    { name: 'long, of 2^63 bytes', bytes: [0, 0, 0, 1, 102, 114, 101, 101, 128, 0, 0, 0, 0, 0, 0, 0] },
  ])('refuses a box $name', ({ bytes }) => {
    expect(() => new BoxReader(MAX).push(Uint8Array.from(bytes))).toThrow(MalformedBox);
  });

  it('takes one of exactly the allowed size', () => {
    expect(new BoxReader(MAX).push(box('mdat', new Uint8Array(MAX - 8)))).toHaveLength(1);
  });
});

describe('boxes within boxes', () => {
  const inner = box('tfdt', Uint8Array.of(4, 2));
  const outer = box('traf', Buffer.concat([box('tfhd', new Uint8Array(0)), inner]));

  it('are found by their path', () => {
    expect([...findBox(outer, 'traf', 'tfdt')!]).toEqual([4, 2]);
    expect(findBox(outer, 'traf', 'trun')).toBeUndefined();
    expect(findBox(outer, 'moof')).toBeUndefined();
  });

  it('are refused where one is cut off', () => {
    expect(() => [...childBoxes(outer.subarray(0, -1))]).toThrow(MalformedBox);
  });
});
