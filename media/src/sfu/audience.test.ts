import { newId, PlaybackId } from '@yike/contracts/ids';
import { describe, expect, it } from 'vitest';
import { Audience } from './audience.ts';

const T = 1_790_000_000_000;
const viewer = newId(PlaybackId);
const windowsOf = (audience: Audience) =>
  audience
    .drain()
    .map(({ by, windows }) => [by, ...windows.map(({ fromMs, toMs }) => [fromMs - T, toMs - T])]);

describe('an audience by reloads', () => {
  it.each([
    { name: 'one reload proves nothing yet', at: [0], expected: [] },
    { name: 'reloads of low latency', at: [0, 333, 700], expected: [['reloads', [0, 700]]] },
    { name: 'a reload each segment of nine seconds', at: [0, 9_000], expected: [['reloads', [0, 9_000]]] },
    { name: 'a pause credits no more than 12 s', at: [0, 60_000], expected: [['reloads', [48_000, 60_000]]] },
    { name: 'a clock set back', at: [9_000, 0, 400], expected: [['reloads', [0, 400]]] },
  ])('$name', ({ at, expected }) => {
    const audience = new Audience();
    for (const ms of at) audience.reloaded(viewer, 2_000, T + ms);
    expect(windowsOf(audience)).toEqual(expected);
  });
});

describe('an audience by counted media', () => {
  const served = (requests: readonly { at: number; from: number; to: number }[]) => {
    const audience = new Audience();
    audience.seen(viewer, T);
    for (const { at, from, to } of requests)
      audience.served(viewer, { fromMs: from, toMs: to, bytes: 1_000 }, T + at);
    return windowsOf(audience);
  };

  it.each([
    {
      name: 'segments one after the other',
      requests: [
        { at: 200, from: 0, to: 4_000 },
        { at: 4_200, from: 4_000, to: 8_000 },
      ],
      expected: [['bytes', [0, 4_200]]],
    },
    {
      name: 'sound beside the picture adds nothing',
      requests: [
        { at: 4_000, from: 0, to: 4_000 },
        { at: 4_001, from: 0, to: 4_000 },
      ],
      expected: [['bytes', [0, 4_000]]],
    },
    {
      name: 'a third of a second each ten credits no ten',
      requests: [
        { at: 10_000, from: 9_000, to: 9_333 },
        { at: 20_000, from: 19_000, to: 19_333 },
      ],
      expected: [['bytes', [8_167, 10_000], [18_167, 20_000]]],
    },
    {
      name: 'the same media again and again',
      requests: [
        { at: 1_000, from: 0, to: 1_000 },
        { at: 20_000, from: 0, to: 1_000 },
      ],
      expected: [['bytes', [0, 1_000]]],
    },
  ])('$name', ({ requests, expected }) => expect(served(requests)).toEqual(expected));

  it('does not count the playlists', () => {
    const audience = new Audience();
    for (let at = 0; at < 9; at += 1) audience.seen(viewer, T + at * 400);
    expect(audience.size).toBe(1);
    expect(audience.drain()).toEqual([]);
  });
});

describe('an audience', () => {
  it('forgets who has asked for nothing for 15 s, and still reports him', () => {
    const audience = new Audience();
    let changes = 0;
    audience.on('changed', () => (changes += 1));
    audience.reloaded(viewer, 1, T);
    audience.reloaded(viewer, 1, T + 400);
    audience.expire(T + 15_399);
    expect(audience.size).toBe(1);
    audience.expire(T + 15_400);
    expect(audience.size).toBe(0);
    expect(changes).toBe(2);
    expect(audience.drain()).toEqual([
      { playbackId: viewer, by: 'reloads', windows: [{ fromMs: T, toMs: T + 400 }], bytes: 1 },
    ]);
    expect(audience.drain()).toEqual([]);
  });

  it('takes no playback that cannot be one', () => {
    const audience = new Audience();
    audience.reloaded('someone', 1, T);
    expect(audience.size).toBe(0);
  });
});
