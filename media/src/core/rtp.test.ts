import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addSequence,
  addTicks,
  isRtcp,
  parseRtp,
  payloadOf,
  renumbered,
  sequenceDistance,
  serializeRtp,
  timestampDistance,
} from './rtp.ts';

const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

describe('parseRtp', () => {
  it('reads what serializeRtp writes', () => {
    const fields = fc.record({
      payloadType: fc.integer({ min: 0, max: 63 }), // 64–95 with the marker would be RTCP
      marker: fc.boolean(),
      sequenceNumber: uint16,
      timestamp: uint32,
      ssrc: uint32,
      payload: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fields, (given) => {
        const packet = parseRtp(serializeRtp(given))!;
        expect({ ...packet, payload: payloadOf(packet) }).toMatchObject(given);
      }),
    );
  });

  it('finds the payload behind contributing sources and an extension, and before padding', () => {
    const head = [0x80 | 0x20 | 0x10 | 1, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
    const source = [9, 9, 9, 9];
    const extension = [0xbe, 0xde, 0, 1, 1, 2, 3, 4];
    const packet = parseRtp(Uint8Array.from([...head, ...source, ...extension, 7, 8, 0, 2]))!;
    expect([...payloadOf(packet)]).toEqual([7, 8]);
  });

  it.each([
    { name: 'too short', bytes: [0x80, 96, 0, 1] },
    { name: 'of version 1', bytes: [0x40, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3] },
    { name: 'RTCP', bytes: [0x80, 200, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3] },
    { name: 'cut off in its extension', bytes: [0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe] },
    { name: 'padded beyond its length', bytes: [0xa0, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 99] },
  ])('refuses what is $name', ({ bytes }) => {
    expect(parseRtp(Uint8Array.from(bytes))).toBeUndefined();
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void parseRtp(bytes)));
  });
});

it.each([
  { second: 191, rtcp: false },
  { second: 192, rtcp: true },
  { second: 223, rtcp: true },
  { second: 224, rtcp: false },
])('takes a second byte of $second for RTCP: $rtcp', ({ second, rtcp }) => {
  expect(isRtcp(Uint8Array.of(0x80, second))).toBe(rtcp);
});

describe('numbers that wrap', () => {
  it.each([
    { from: 0, to: 1, distance: 1 },
    { from: 65_535, to: 0, distance: 1 },
    { from: 0, to: 65_535, distance: -1 },
    { from: 0, to: 32_767, distance: 32_767 },
    { from: 0, to: 32_768, distance: -32_768 },
  ])('sequence $from > $to is $distance', ({ from, to, distance }) => {
    expect(sequenceDistance(from, to)).toBe(distance);
  });

  it.each([
    { from: 4_294_967_295, to: 0, distance: 1 },
    { from: 0, to: 4_294_967_295, distance: -1 },
    { from: 0, to: 2_147_483_647, distance: 2_147_483_647 },
    { from: 0, to: 2_147_483_648, distance: -2_147_483_648 },
  ])('timestamp $from > $to is $distance', ({ from, to, distance }) => {
    expect(timestampDistance(from, to)).toBe(distance);
  });

  it('measures again what was added', () => {
    fc.assert(
      fc.property(uint16, fc.integer({ min: -32_768, max: 32_767 }), (from, by) => {
        expect(sequenceDistance(from, addSequence(from, by))).toBe(by);
      }),
    );
    fc.assert(
      fc.property(uint32, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (from, by) => {
        expect(timestampDistance(from, addTicks(from, by))).toBe(by);
      }),
    );
  });
});

it('renumbers a copy, and nothing where nothing changes', () => {
  const bytes = serializeRtp({
    payloadType: 96,
    marker: true,
    sequenceNumber: 5,
    timestamp: 6,
    ssrc: 7,
    payload: Uint8Array.of(1),
  });
  const packet = parseRtp(bytes)!;
  expect(renumbered(packet, 5, 6)).toBe(bytes);
  expect(parseRtp(renumbered(packet, 65_535, 4_294_967_295))).toMatchObject({
    sequenceNumber: 65_535,
    timestamp: 4_294_967_295,
    marker: true,
    ssrc: 7,
  });
  expect(packet.sequenceNumber).toBe(5);
  expect(parseRtp(bytes)!.sequenceNumber).toBe(5);
});
