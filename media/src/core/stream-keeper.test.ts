import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LastKeyFrame, OpusSilence } from './fillers.ts';
import { startsH264KeyFrame } from './key-frames.ts';
import { addSequence, addTicks, parseRtp, sequenceDistance, serializeRtp, timestampDistance } from './rtp.ts';
import { StreamKeeper } from './stream-keeper.ts';

const SSRC = 77;
const FRAME_TICKS = 960;
const FRAME_MS = 20;
const SOUND = 0x55;
const IDR = 0x65;
const DELTA = 0x41;

interface Sent {
  readonly sequence: number;
  readonly timestamp: number;
  readonly first: number;
}

function packet(sequenceNumber: number, timestamp: number, first = SOUND, marker = false) {
  const payload = Uint8Array.of(first, 0, 0);
  return parseRtp(
    serializeRtp({ payloadType: 100, marker, sequenceNumber, timestamp, ssrc: SSRC, payload }),
  )!;
}

function read(datagrams: readonly Uint8Array[]): Sent[] {
  return datagrams.map((bytes) => {
    const { sequenceNumber, timestamp, payloadStart } = parseRtp(bytes)!;
    return { sequence: sequenceNumber, timestamp, first: bytes[payloadStart]! };
  });
}

const soundKeeper = (): StreamKeeper =>
  new StreamKeeper({ clockRate: 48_000, filler: new OpusSilence({ payloadType: 100, ssrc: SSRC }) });
const pictureKeeper = (): StreamKeeper =>
  new StreamKeeper({ clockRate: 90_000, filler: new LastKeyFrame(startsH264KeyFrame) });

/** Calls every 20 ms from `fromMs` on, until before `toMs`. */
function tickThrough(keeper: StreamKeeper, fromMs: number, toMs: number): Sent[] {
  const sent: Sent[] = [];
  for (let ms = fromMs; ms < toMs; ms += 20) sent.push(...read(keeper.tick(ms)));
  return sent;
}

function expectRising(sent: readonly Sent[]): void {
  for (const [index, { sequence, timestamp }] of sent.entries()) {
    const before = sent[index - 1];
    if (before === undefined) continue;
    expect(sequenceDistance(before.sequence, sequence)).toBeGreaterThan(0);
    expect(timestampDistance(before.timestamp, timestamp)).toBeGreaterThanOrEqual(0);
  }
}

describe('a stream of sound', () => {
  it('passes as it is', () => {
    const keeper = soundKeeper();
    const given = packet(10, 1_000);
    expect(keeper.receive(given, 0)).toEqual([given.bytes]);
    expect(keeper.tick(299)).toEqual([]);
    expect(keeper.isFilling).toBe(false);
  });

  it('is filled 300 ms behind the clock, in steps of 20 ms', () => {
    const keeper = soundKeeper();
    keeper.receive(packet(10, 1_000), 0);
    expect(read(keeper.tick(319))).toEqual([]);
    expect(read(keeper.tick(320))).toEqual([{ sequence: 11, timestamp: 1_960, first: 0xf8 }]);
    expect(read(keeper.tick(360)).map(({ timestamp }) => timestamp)).toEqual([2_920, 3_880]);
  });

  it('goes on without a hole when its sender is back', () => {
    const keeper = soundKeeper();
    keeper.receive(packet(10, 0), 0);
    const filled = tickThrough(keeper, 20, 2_000);
    const back = read(keeper.receive(packet(11, 96_000), 2_000));
    const all = [{ sequence: 10, timestamp: 0, first: SOUND }, ...filled, ...back];
    expect(all.map(({ timestamp }) => timestamp)).toEqual(all.map((_, index) => index * FRAME_TICKS));
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => 10 + index));
    expect(all.at(-1)?.first).toBe(SOUND);
    expect(read(keeper.receive(packet(12, 96_960), 2_020))).toEqual([
      { sequence: 111, timestamp: 96_960, first: SOUND },
    ]);
  });

  it('drops what comes after its place was filled', () => {
    const keeper = soundKeeper();
    keeper.receive(packet(10, 0), 0);
    tickThrough(keeper, 20, 600);
    expect(keeper.receive(packet(11, FRAME_TICKS), 600)).toEqual([]);
    expect(keeper.receive(packet(40, 28_800), 610)).not.toEqual([]);
    expect(keeper.receive(packet(39, 27_840), 620)).toEqual([]);
  });

  it('lets a late packet pass where nothing was filled', () => {
    const keeper = soundKeeper();
    keeper.receive(packet(10, 0), 0);
    keeper.receive(packet(12, 1_920), 40);
    expect(read(keeper.receive(packet(11, 960), 50))).toEqual([
      { sequence: 11, timestamp: 960, first: SOUND },
    ]);
  });

  it('begins with silence where its sender does not, and takes its sender in', () => {
    const keeper = soundKeeper();
    keeper.begin(0, 0);
    const filled = tickThrough(keeper, 0, 1_000);
    expect(filled[0]).toMatchObject({ sequence: 1, timestamp: 0 });
    const back = read(keeper.receive(packet(60_000, 4_000_000_000), 1_000));
    expect(back.at(-1)).toMatchObject({ timestamp: 48_000, first: SOUND });
    expectRising([...filled, ...back]);
    expect(keeper.translate(4_000_000_960)).toBe(48_960);
  });

  it.each([
    { name: 'far ahead', timestamp: 3_000_000_000, sequence: 11 },
    { name: 'far behind', timestamp: 5, sequence: 11 },
    { name: 'with another count too', timestamp: 5, sequence: 40_000 },
  ])('follows a sender whose timestamps begin anew $name', ({ timestamp, sequence }) => {
    const keeper = soundKeeper();
    keeper.receive(packet(10, 1_000_000), 0);
    expect(read(keeper.receive(packet(sequence, timestamp), 20))).toEqual([
      { sequence: 11, timestamp: 1_000_960, first: SOUND },
    ]);
    expect(read(keeper.receive(packet(sequence + 1, timestamp + 960), 40))).toEqual([
      { sequence: 12, timestamp: 1_001_920, first: SOUND },
    ]);
  });

  it('makes up in pieces for a time in which nobody called', () => {
    const keeper = soundKeeper();
    keeper.receive(packet(10, 0), 0);
    expect(keeper.tick(30_000)).toHaveLength(25);
    expect(keeper.tick(30_020)).toHaveLength(25);
  });
});

describe('a stream of pictures', () => {
  /** Two packets of a key frame at timestamp 0, then one of a picture after it. */
  function started(): StreamKeeper {
    const keeper = pictureKeeper();
    keeper.receive(packet(1, 0, IDR), 0);
    keeper.receive(packet(2, 0, IDR, true), 0);
    keeper.receive(packet(3, 3_000, DELTA, true), 33);
    return keeper;
  }

  it('repeats its last key frame, first 33 ms on, then every 300 ms', () => {
    const filled = tickThrough(started(), 33, 1_033);
    expect(filled.map(({ timestamp }) => timestamp)).toEqual([5_970, 5_970, 32_970, 32_970, 59_970, 59_970]);
    expect(filled.map(({ sequence }) => sequence)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('is taken up again at a key frame', () => {
    const keeper = started();
    tickThrough(keeper, 33, 1_033);
    expect(keeper.receive(packet(4, 93_000, DELTA, true), 1_033)).toEqual([]);
    expect(keeper.isWaitingToResume).toBe(true);
    const back = read(keeper.receive(packet(5, 96_000, IDR, true), 1_066));
    expect(back.at(-1)).toEqual({ sequence: 10, timestamp: 96_000, first: IDR });
    expect(keeper.isWaitingToResume).toBe(false);
  });

  it('is taken up without one after 2 s', () => {
    const keeper = started();
    tickThrough(keeper, 33, 1_033);
    expect(keeper.receive(packet(4, 93_000, DELTA, true), 1_033)).toEqual([]);
    expect(keeper.receive(packet(5, 270_000, DELTA, true), 3_032)).toEqual([]);
    expect(keeper.receive(packet(6, 273_000, DELTA, true), 3_033)).not.toEqual([]);
  });

  it('says nothing before its first whole key frame', () => {
    const keeper = pictureKeeper();
    keeper.receive(packet(1, 0, IDR), 0);
    keeper.receive(packet(3, 0, IDR, true), 0);
    expect(keeper.tick(2_000)).toEqual([]);
    keeper.receive(packet(2, 0, IDR), 2_000);
    expect(keeper.tick(2_000)).not.toEqual([]);
  });
});

describe('whatever its sender does', () => {
  const event = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ type: fc.constant('send' as const), count: fc.integer({ min: 1, max: 30 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant('mute' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('lose' as const), count: fc.integer({ min: 1, max: 20 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('jump' as const),
        ticks: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      }),
    },
  );
  const uint16 = fc.integer({ min: 0, max: 0xffff });
  const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

  it('what comes out rises in sequence and never falls in time, over all wraps', () => {
    fc.assert(
      fc.property(
        uint16,
        uint32,
        fc.array(event, { maxLength: 20 }),
        fc.boolean(),
        (sequence, timestamp, events, begun) => {
          const keeper = soundKeeper();
          const sent: Sent[] = [];
          let nowMs = 0;
          const pass = (ms: number): void => {
            sent.push(...tickThrough(keeper, nowMs, nowMs + ms));
            nowMs += ms;
            timestamp = addTicks(timestamp, ms * 48);
          };
          if (begun) keeper.begin(timestamp, nowMs);
          for (const happening of events) {
            if (happening.type === 'mute') pass(happening.ms);
            else if (happening.type === 'jump') timestamp = addTicks(timestamp, happening.ticks);
            else {
              for (let count = 0; count < happening.count; count += 1) {
                sequence = addSequence(sequence, 1);
                if (happening.type === 'send')
                  sent.push(...read(keeper.receive(packet(sequence, timestamp), nowMs)));
                pass(FRAME_MS);
              }
            }
          }
          expectRising(sent);
        },
      ),
    );
  });

  it('what comes out of order has numbers of its own, and sorted by them never falls in time', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(
        delays,
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 0, max: 100 }),
        (jitter, at, length) => {
          const keeper = soundKeeper();
          const arrivals = jitter
            .map((delayMs, index) => ({ index, atMs: index * FRAME_MS + delayMs }))
            .filter(({ index }) => index < at || index >= at + length)
            .toSorted((a, b) => a.atMs - b.atMs);
          const sent: Sent[] = [];
          let tickedMs = 0;
          for (const { index, atMs } of arrivals) {
            for (; tickedMs < atMs; tickedMs += 20) sent.push(...read(keeper.tick(tickedMs)));
            sent.push(...read(keeper.receive(packet(1_000 + index, index * FRAME_TICKS), atMs)));
          }
          const inOrder = sent.toSorted((a, b) => a.sequence - b.sequence);
          expect(new Set(sent.map((one) => one.sequence)).size).toBe(sent.length);
          expectRising(inOrder);
        },
      ),
    );
  });
});
