import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveredByProofs } from './delivery.ts';
import { type Interval, lengthMs, unite } from './intervals.ts';
import { type NamedMedia, seamNames } from './seams.ts';
import { VIEWING } from './viewing-rules.ts';

/** Segments of a track one after the other, by their lengths. */
function manifest(track: string, lengthsMs: readonly number[]): NamedMedia[] {
  let fromMs = 0;
  return lengthsMs.map((ms, seq) => {
    const media = { fromMs, toMs: (fromMs += ms) };
    return { segment: `${track}/${seq}`, media };
  });
}
const VIDEO = manifest('0/video', Array<number>(30).fill(4_000));
const pick = (from: readonly NamedMedia[], seqs: readonly number[]): NamedMedia[] =>
  seqs.flatMap((seq) => from[seq] ?? []);
const moved = ({ segment, media }: NamedMedia, byMs: number): NamedMedia => ({
  segment,
  media: { fromMs: media.fromMs + byMs, toMs: media.toMs + byMs },
});
const seams = (proven: readonly NamedMedia[]): string[] => seamNames(proven, VIEWING);

describe('a segment that is not proven counts', () => {
  it.each<{ name: string; proven: NamedMedia[]; expected: string[] }>([
    {
      name: 'at both ends of twenty proven seconds',
      proven: pick(VIDEO, [5, 6, 7, 8, 9]),
      expected: ['0/video/4', '0/video/10'],
    },
    { name: 'not beside sixteen', proven: pick(VIDEO, [5, 6, 7, 8]), expected: [] },
    {
      name: 'not beside a millisecond less',
      proven: manifest('0/video', [3_999, 4_000, 4_000, 4_000, 4_000]),
      expected: [],
    },
    {
      name: 'after the first of all, which has none before it',
      proven: pick(VIDEO, [0, 1, 2, 3, 4]),
      expected: ['0/video/5'],
    },
    { name: 'not where one in three is proven', proven: pick(VIDEO, [0, 3, 6, 9, 12, 15, 18]), expected: [] },
    {
      name: 'not where one in two is proven',
      proven: pick(VIDEO, [0, 2, 4, 6, 8, 10, 12, 14, 16]),
      expected: [],
    },
    {
      name: 'not beside a run with a hole in its numbers',
      proven: pick(VIDEO, [5, 6, 8, 9, 10, 11]),
      expected: [],
    },
    {
      name: 'not beside a run with a hole in its media',
      proven: [
        ...pick(VIDEO, [5, 6]),
        ...pick(VIDEO, [7, 8, 9]).map((each) => moved(each, VIEWING.segmentHoleMs + 1)),
      ],
      expected: [],
    },
    {
      name: 'beside a run with no more than rounding between',
      proven: [
        ...pick(VIDEO, [5, 6]),
        ...pick(VIDEO, [7, 8, 9]).map((each) => moved(each, VIEWING.segmentHoleMs)),
      ],
      expected: ['0/video/4', '0/video/10'],
    },
    {
      name: 'of the track that is proven, in whatever order',
      proven: pick(manifest('3000/audio', Array<number>(12).fill(4_000)), [9, 5, 7, 8, 6]),
      expected: ['3000/audio/4', '3000/audio/10'],
    },
    {
      name: 'not where two tracks have the numbers between them',
      proven: [
        ...pick(VIDEO, [5, 6, 7]),
        ...pick(manifest('0/audio', Array<number>(12).fill(4_000)), [8, 9]),
      ],
      expected: [],
    },
    {
      name: 'not where two epochs have them',
      proven: [
        ...pick(VIDEO, [0, 1, 2]),
        ...pick(manifest('1/video', Array<number>(12).fill(4_000)), [3, 4, 5]),
      ],
      expected: [],
    },
    {
      name: 'not beside what is no segment',
      proven: [{ segment: '0/video/init', media: { fromMs: 0, toMs: 60_000 } }],
      expected: [],
    },
  ])('$name', ({ proven, expected }) => expect(seams(proven)).toEqual(expected));
});

/** Both tracks of a broadcast, and which of their segments a client has. */
const anyClient = fc
  .tuple(
    ...(['0/video', '0/audio'] as const).map((track) =>
      fc
        .array(fc.tuple(fc.integer({ min: 300, max: 9_000 }), fc.integer({ min: 0, max: 9 })), {
          minLength: 1,
          maxLength: 40,
        })
        .map((segments) => {
          const all = manifest(
            track,
            segments.map(([ms]) => ms),
          );
          return { all, proven: all.filter((_, seq) => (segments[seq]?.[1] ?? 0) > 1) };
        }),
    ),
  )
  .map((tracks) => ({
    all: tracks.flatMap(({ all }) => all),
    proven: tracks.flatMap(({ proven }) => proven),
  }));

interface Client {
  readonly all: readonly NamedMedia[];
  readonly proven: readonly NamedMedia[];
}
const mediaOf = (segments: readonly NamedMedia[]): Interval[] => segments.map(({ media }) => media);
const seamsOf = ({ all, proven }: Client): NamedMedia[] => {
  const names = new Set(seams(proven));
  return all.filter(({ segment }) => names.has(segment));
};
const counted = (client: Client) =>
  deliveredByProofs({ proven: mediaOf(client.proven), seams: mediaOf(seamsOf(client)) }, VIEWING);

describe('whatever a client loads', () => {
  it('seams count in some samples and in others not: these properties are not about nothing', () => {
    const sample = fc.sample(anyClient, { numRuns: 200, seed: 1 });
    const more = sample.filter((client) => seamsOf(client).length > 0).length;
    expect(more).toBeGreaterThan(20);
    expect(more).toBeLessThan(180);
  });

  it('nothing counts but the proven and the one segment at each end of a run of 20 s', () => {
    fc.assert(
      fc.property(anyClient, (client) => {
        const has = new Set(client.proven.map(({ segment }) => segment));
        const vouches = (at: number, step: 1 | -1): boolean => {
          let ms = 0;
          for (let i = at + step; has.has(client.all[i]?.segment ?? ''); i += step) {
            const { segment, media } = client.all[i]!; // It has a name.
            if (segment.slice(0, 7) !== client.all[at]?.segment.slice(0, 7)) break;
            ms += lengthMs([media]);
          }
          return ms >= VIEWING.seamRunMs;
        };
        const allowed = client.all.filter(
          ({ segment }, at) => has.has(segment) || vouches(at, 1) || vouches(at, -1),
        );
        expect(counted(client)).toEqual(unite(mediaOf(allowed), VIEWING.segmentHoleMs));
      }),
      { numRuns: 1000 },
    );
  });

  it('who loads one segment in three is credited for no more than that', () => {
    fc.assert(
      fc.property(anyClient, fc.nat(2), ({ all }, offset) => {
        const proven = all.filter(({ segment }) => Number(segment.split('/')[2]) % 3 === offset);
        expect(counted({ all, proven })).toEqual(unite(mediaOf(proven), VIEWING.segmentHoleMs));
      }),
    );
  });
});
