import { describe, expect, it } from 'vitest';
import { videoTraits } from './codecs.ts';
import { KeyFrameMemory, startsH264KeyFrame, startsVp8KeyFrame } from './key-frames.ts';
import { parseRtp, serializeRtp, type RtpPacket } from './rtp.ts';

it.each([
  { name: 'a sequence parameter set', payload: [0x67], isKey: true },
  { name: 'an IDR picture', payload: [0x65], isKey: true },
  { name: 'parameter sets in one packet', payload: [0x78, 0, 10, 0x67], isKey: true },
  { name: 'a delimiter, then parameter sets', payload: [0x78, 0, 2, 0x09, 0xf0, 0, 4, 0x67], isKey: true },
  { name: 'a delimiter alone', payload: [0x78, 0, 2, 0x09, 0xf0], isKey: false },
  { name: 'units that are cut off', payload: [0x78, 0xff, 0xff, 0x09], isKey: false },
  { name: 'units of no length', payload: [0x78, 0, 0, 0, 0, 0], isKey: false },
  { name: 'the first piece of an IDR picture', payload: [0x7c, 0x85], isKey: true },
  { name: 'a later piece of an IDR picture', payload: [0x7c, 0x05], isKey: false },
  { name: 'the first piece of another picture', payload: [0x7c, 0x81], isKey: false },
  { name: 'another picture', payload: [0x41], isKey: false },
  { name: 'nothing', payload: [], isKey: false },
])('H.264: $name begins a key frame: $isKey', ({ payload, isKey }) => {
  expect(startsH264KeyFrame(Uint8Array.from(payload))).toBe(isKey);
});

it.each([
  { name: 'a key frame', payload: [0x10, 0x00], isKey: true },
  { name: 'another frame', payload: [0x10, 0x01], isKey: false },
  { name: 'a key frame behind a picture id of 7 bits', payload: [0x90, 0x80, 0x11, 0x00], isKey: true },
  { name: 'a key frame behind one of 15 bits', payload: [0x90, 0x80, 0x81, 0x11, 0x00], isKey: true },
  {
    name: 'a key frame behind all extensions',
    payload: [0x90, 0xe0, 0x81, 0x11, 0x01, 0x20, 0x00],
    isKey: true,
  },
  { name: 'a later piece of a frame', payload: [0x00, 0x00], isKey: false },
  { name: 'a second partition', payload: [0x11, 0x00], isKey: false },
  { name: 'a descriptor without a frame', payload: [0x10], isKey: false },
  { name: 'nothing', payload: [], isKey: false },
])('VP8: $name begins a key frame: $isKey', ({ payload, isKey }) => {
  expect(startsVp8KeyFrame(Uint8Array.from(payload))).toBe(isKey);
});

describe('KeyFrameMemory', () => {
  const packet = (sequenceNumber: number, timestamp: number, first: number, marker = false): RtpPacket =>
    parseRtp(
      serializeRtp({
        payloadType: 96,
        marker,
        sequenceNumber,
        timestamp,
        ssrc: 1,
        payload: Uint8Array.of(first),
      }),
    )!;
  const numbersOf = (memory: KeyFrameMemory): number[] =>
    memory.packets.map(({ sequenceNumber }) => sequenceNumber);

  it('keeps a whole key frame over the wrap, in order, whatever order it came in', () => {
    const memory = new KeyFrameMemory(startsH264KeyFrame);
    memory.observe(packet(65_535, 7, 0x67));
    memory.observe(packet(1, 7, 0x65, true));
    expect(numbersOf(memory)).toEqual([]);
    memory.observe(packet(2, 8, 0x41, true));
    memory.observe(packet(0, 7, 0x68));
    expect(numbersOf(memory)).toEqual([65_535, 0, 1]);
  });

  it('keeps the last whole one while the next is coming, or broken', () => {
    const memory = new KeyFrameMemory(startsH264KeyFrame);
    memory.observe(packet(1, 1, 0x65, true));
    memory.observe(packet(5, 2, 0x67));
    memory.observe(packet(7, 2, 0x65, true));
    expect(numbersOf(memory)).toEqual([1]);
    memory.observe(packet(9, 3, 0x65, true));
    expect(numbersOf(memory)).toEqual([9]);
  });
});

it.each([
  { mimeType: 'video/H264', treatment: 'copy' },
  { mimeType: 'video/h264', treatment: 'copy' },
  { mimeType: 'video/VP8', treatment: 'transcode' },
  { mimeType: 'video/AV1', treatment: undefined },
])('$mimeType: $treatment', ({ mimeType, treatment }) => {
  expect(videoTraits(mimeType)?.treatment).toBe(treatment);
});
