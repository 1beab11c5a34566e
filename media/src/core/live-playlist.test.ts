import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { livePlaylist, multivariantPlaylist, renditionReport } from './live-playlist.ts';
import { LIVE_POLICY, LiveTrack } from './live-track.ts';
import { histories, play, stepsOf } from '../hls/testing/live-history.ts';
import { parsePlaylist, type ParsedPlaylist } from '../hls/testing/parsed-playlist.ts';

const ZERO_AT_MS = Date.UTC(2026, 10, 22, 12, 0, 0);
const FORM = { kind: 'video', zeroAtMs: ZERO_AT_MS, folder: 'k', query: '', isDelta: false } as const;
const full = (track: LiveTrack) => parsePlaylist(livePlaylist(track, FORM));
const delta = (track: LiveTrack, before?: ParsedPlaylist) =>
  parsePlaylist(livePlaylist(track, { ...FORM, isDelta: before !== undefined }), before);

/** The names of all parts, as `<epoch>/<track>/<seq>.<part>`. */
const partNames = ({ entries }: ParsedPlaylist): string[] =>
  entries.flatMap(({ parts }) => parts.map(({ uri }) => uri.replace('k/', '').replace('.m4s', '')));
/** The lines that are published for good. Their parts are not: they are named only while they are new. */
const settled = ({ entries }: ParsedPlaylist) =>
  entries.filter(({ uri }) => uri !== null).map((entry) => ({ ...entry, parts: [] }));

/** RFC 8216bis 6.3.7: an older one is not brought up to date by a delta. */
const HALF_SKIP_BOUNDARY_MS = (LIVE_POLICY.targetMs * 6) / 2;

describe('a live playlist, for any history', () => {
  it('shows a player that reloads each part exactly once, in order', () =>
    fc.assert(
      fc.property(histories, (history) => {
        const steps = stepsOf(history);
        const seen: string[] = [];
        let before: ParsedPlaylist | undefined;
        play(steps, (track) => {
          before = delta(track, before);
          seen.push(...partNames(before).filter((name) => !seen.includes(name)));
        });
        expect(seen).toEqual(steps.map(({ name }) => name));
      }),
      { numRuns: 30 },
    ));

  it('is the same by delta updates as whole, to a player whose last one is at most half a skip boundary old', () =>
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 20 }), (history, every) => {
        let before: { playlist: ParsedPlaylist; endMs: number } | undefined;
        let count = 0;
        play(stepsOf(history), (track) => {
          count += 1;
          if (count % every !== 0) return;
          const endMs = track.entries.at(-1)?.endMs ?? 0;
          const mayAsk = before !== undefined && endMs - before.endMs <= HALF_SKIP_BOUNDARY_MS;
          const playlist = mayAsk ? delta(track, before?.playlist) : full(track);
          expect(settled(playlist)).toEqual(settled(full(track)));
          before = { playlist, endMs };
        });
      }),
      { numRuns: 30 },
    ));

  it('has numbers that never fall, lines that never change, and tells the wall clock', () =>
    fc.assert(
      fc.property(histories, (history) => {
        const known = new Map<number, string>();
        let before: ParsedPlaylist | undefined;
        const track = play(stepsOf(history), (current) => {
          const now = full(current);
          expect(now.mediaSequence).toBeGreaterThanOrEqual(before?.mediaSequence ?? 0);
          expect(now.discontinuitySequence).toBeGreaterThanOrEqual(before?.discontinuitySequence ?? 0);
          for (const entry of settled(now)) {
            const line = JSON.stringify(entry);
            expect(known.get(entry.msn) ?? line).toBe(line);
            known.set(entry.msn, line);
            expect(entry.ms).toBeLessThanOrEqual(Math.max(LIVE_POLICY.targetMs, entry.isGap ? 0 : Infinity));
          }
          for (const entry of current.entries) {
            const parsed = now.entries.find(({ msn }) => msn === entry.msn);
            expect(parsed?.atMs).toBe(ZERO_AT_MS + entry.startMs);
            expect(parsed?.discontinuity).toBe(entry.ordinal);
          }
          before = now;
        });
        track.end();
        const end = full(track);
        expect(end).toMatchObject({ isEnded: true, hint: null, mediaSequence: before?.mediaSequence });
      }),
      { numRuns: 30 },
    ));
});

/** Two segments of an epoch, a gap of 10 s, and a part of the next epoch. */
function smallTrack(): LiveTrack {
  const parts = (count: number, opensAt: readonly number[]) =>
    Array.from({ length: count }, (_, at) => ({ durationMs: 333, opensSegment: opensAt.includes(at) }));
  const epochs = [
    { afterMs: 0, parts: parts(4, [2]), withoutIt: 0 },
    { afterMs: 10_000, parts: parts(1, []), withoutIt: 0 },
  ];
  return play(stepsOf({ epochs }));
}

describe('a live playlist', () => {
  it('reads so', () =>
    expect(livePlaylist(smallTrack(), { ...FORM, query: '?t={$ticket}' })).toBe(`#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:9
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.170,CAN-SKIP-UNTIL=54.000
#EXT-X-PART-INF:PART-TARGET=0.390
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="k/1000/video/init.mp4?t={$ticket}"
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:00.000Z
#EXTINF:0.666,
k/1000/video/0.m4s?t={$ticket}
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:00.666Z
#EXTINF:0.666,
k/1000/video/1.m4s?t={$ticket}
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:01.332Z
#EXT-X-GAP
#EXTINF:5.000,
gap.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:06.332Z
#EXT-X-GAP
#EXTINF:5.000,
gap.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="k/1001/video/init.mp4?t={$ticket}"
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:11.332Z
#EXT-X-PART:DURATION=0.333,URI="k/1001/video/0.0.m4s?t={$ticket}",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="k/1001/video/0.1.m4s?t={$ticket}"
`));

  it('reports where the other track stands', () => {
    expect(renditionReport('audio.m3u8?ticket=x', smallTrack())).toBe(
      '#EXT-X-RENDITION-REPORT:URI="audio.m3u8?ticket=x",LAST-MSN=4,LAST-PART=0\n',
    );
    expect(renditionReport('audio.m3u8', new LiveTrack())).toBe('');
  });
});

describe('the playlist of playlists', () => {
  const track = smallTrack();
  it.each([
    {
      name: 'picture and sound',
      tracks: { video: track, audio: track },
      expected:
        /MEDIA:TYPE=AUDIO.*audio\.m3u8\?ticket=x"\n.*AUDIO="sound"\nvideo\.m3u8\?ticket=x\n.*\naudio\.m3u8\?ticket=x\n$/,
    },
    { name: 'sound alone', tracks: { audio: track }, expected: /AUDIO="sound"\naudio\.m3u8\?ticket=x\n$/ },
    {
      name: 'picture alone',
      tracks: { video: track },
      expected: /CODECS="avc1.42c01f",CLOSED-CAPTIONS=NONE\nvideo\.m3u8\?ticket=x\n$/,
    },
  ])('offers $name', ({ tracks, expected }) =>
    expect(multivariantPlaylist(tracks, '?ticket=x')).toMatch(expected),
  );
});
