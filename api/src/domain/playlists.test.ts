import type { TrackKind } from '@yike/contracts/control/manifest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masterPlaylist, mediaPlaylist, type PlaylistSegment, type PlaylistSource } from './playlists.ts';

const ZERO = Date.UTC(2026, 10, 22, 11, 30);
const VIDEO = { codec: 'avc1.42c01f', width: 1280, height: 720 };
const AUDIO = { codec: 'mp4a.40.2' };
const both = (epoch: number) => ({ epoch, tracks: { video: VIDEO, audio: AUDIO } });

/** Segments of one track, one after the other from `fromMs`. */
function run(
  epoch: number,
  track: TrackKind,
  fromMs: number,
  lengthsMs: readonly number[],
): PlaylistSegment[] {
  let startMs = fromMs;
  return lengthsMs.map((durationMs, seq) => {
    const bytes = track === 'video' ? durationMs * 150 : durationMs * 8;
    const segment = { epoch, track, seq, startMs, durationMs, bytes };
    startMs += durationMs;
    return segment;
  });
}

const source = (more: Partial<PlaylistSource>): PlaylistSource => ({
  epochs: [both(0)],
  segments: [...run(0, 'video', 0, [4_000, 4_000]), ...run(0, 'audio', 0, [4_011, 3_989])],
  cut: null,
  zeroAtMs: ZERO,
  isComplete: true,
  ...more,
});

/** A recorder that died at 8 s and came back at 20 s. */
const withGap = source({
  epochs: [both(0), both(1)],
  segments: [
    ...run(0, 'video', 0, [4_000, 4_000]),
    ...run(0, 'audio', 0, [4_000, 4_020]),
    ...run(1, 'video', 20_000, [4_000]),
    ...run(1, 'audio', 20_010, [3_990]),
  ],
});

describe('the master playlist', () => {
  it('offers picture with sound, and sound alone', () => {
    expect(masterPlaylist(source({}))).toBe(`#EXTM3U
#EXT-X-VERSION:8
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1264000,AVERAGE-BANDWIDTH=1264000,CODECS="avc1.42c01f,mp4a.40.2",RESOLUTION=1280x720,CLOSED-CAPTIONS=NONE,AUDIO="sound"
video.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=64000,AVERAGE-BANDWIDTH=64000,CODECS="mp4a.40.2",AUDIO="sound"
audio.m3u8
`);
  });

  it('offers only what there is', () => {
    const silent = masterPlaylist(source({ segments: run(0, 'video', 0, [4_000]) }));
    expect(silent).toContain('CODECS="avc1.42c01f",RESOLUTION=1280x720,CLOSED-CAPTIONS=NONE\nvideo.m3u8\n');
    expect(silent).not.toContain('AUDIO');
    expect(masterPlaylist(source({ segments: run(0, 'audio', 0, [4_000]) }))).not.toContain('video');
    expect(masterPlaylist(source({ segments: [] }))).toBeNull();
  });
});

describe('a media playlist', () => {
  it('of a complete recording, byte for byte', () => {
    expect(mediaPlaylist(source({}), 'video')).toBe(`#EXTM3U
#EXT-X-VERSION:8
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="i/0/video.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T11:30:00.000Z
#EXTINF:4.000,
s/0/video/0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T11:30:04.000Z
#EXTINF:4.000,
s/0/video/1.m4s
#EXT-X-ENDLIST
`);
  });

  it('that still grows: an event, no end, a target duration that never changes', () => {
    const live = mediaPlaylist(source({ isComplete: false }), 'audio');
    expect(live).toContain('#EXT-X-PLAYLIST-TYPE:EVENT\n');
    expect(live).toContain('#EXT-X-TARGETDURATION:9\n');
    expect(live).not.toContain('ENDLIST');
  });

  it('that grows does not call missing what only the other track has already', () => {
    const ahead = { segments: [...run(0, 'audio', 0, [4_000, 4_000]), ...run(0, 'video', 0, [4_000])] };
    expect(mediaPlaylist(source({ ...ahead, isComplete: false }), 'video')).not.toContain('GAP');
    expect(mediaPlaylist(source(ahead), 'video')).toContain('#EXT-X-GAP\n#EXTINF:4.000,\ngap\n');
  });

  it('across a gap keeps the length of the clock, then begins anew', () => {
    expect(mediaPlaylist(withGap, 'video').split('\n').slice(12, -1)).toEqual([
      's/0/video/1.m4s',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T11:30:08.000Z',
      '#EXT-X-GAP',
      '#EXTINF:9.000,',
      'gap',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T11:30:17.000Z',
      '#EXT-X-GAP',
      '#EXTINF:3.000,',
      'gap',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="i/1/video.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T11:30:20.000Z',
      '#EXTINF:4.000,',
      's/1/video/0.m4s',
      '#EXT-X-ENDLIST',
    ]);
  });

  it('is as long as the other track, to a tenth of a second', () => {
    const [video, audio] = [
      totalMs(mediaPlaylist(withGap, 'video')),
      totalMs(mediaPlaylist(withGap, 'audio')),
    ];
    expect(video).toBe(24_000);
    expect(Math.abs(video - audio)).toBeLessThanOrEqual(100);
  });

  it('has every discontinuity of the other track, also for an epoch without a picture', () => {
    const soundOnly = source({
      epochs: [both(0), { epoch: 1, tracks: { audio: AUDIO } }, both(2)],
      segments: [
        ...run(0, 'video', 0, [4_000]),
        ...run(0, 'audio', 0, [4_000]),
        ...run(1, 'audio', 5_000, [4_000]),
        ...run(2, 'video', 10_000, [4_000]),
        ...run(2, 'audio', 10_000, [4_000]),
      ],
    });
    expect(count(mediaPlaylist(soundOnly, 'video'), '#EXT-X-DISCONTINUITY')).toBe(2);
    expect(count(mediaPlaylist(soundOnly, 'audio'), '#EXT-X-DISCONTINUITY')).toBe(2);
    expect(totalMs(mediaPlaylist(soundOnly, 'video'))).toBe(14_000);
  });

  it('of a cut has the segments that overlap it, and no others', () => {
    const cut = [{ fromMs: 5_000, toMs: 12_000 }];
    const long = source({ segments: run(0, 'video', 0, [4_000, 4_000, 4_000, 4_000]), cut });
    expect(names(mediaPlaylist(long, 'video'))).toEqual(['s/0/video/1.m4s', 's/0/video/2.m4s']);
  });

  it('of several ranges joins them without the time between', () => {
    const cut = [
      { fromMs: 0, toMs: 4_000 },
      { fromMs: 12_000, toMs: 16_000 },
    ];
    const long = source({ segments: run(0, 'video', 0, [4_000, 4_000, 4_000, 4_000]), cut });
    const playlist = mediaPlaylist(long, 'video');
    expect(names(playlist)).toEqual(['s/0/video/0.m4s', 's/0/video/3.m4s']);
    expect(count(playlist, '#EXT-X-DISCONTINUITY')).toBe(1);
    expect(count(playlist, '#EXT-X-MAP')).toBe(2);
  });

  it('of a cut that begins in a gap begins with the rest of the gap', () => {
    const playlist = mediaPlaylist({ ...withGap, cut: [{ fromMs: 15_000, toMs: 24_000 }] }, 'audio');
    expect(totalMs(playlist)).toBe(9_000);
    expect(names(playlist)).toEqual(['gap', 's/1/audio/0.m4s']);
  });

  it('ignores what a fenced recorder wrote', () => {
    const fenced = { ...withGap, segments: [...withGap.segments, ...run(0, 'video', 21_000, [4_000])] };
    expect(mediaPlaylist(fenced, 'video')).toBe(mediaPlaylist(withGap, 'video'));
  });

  it('never drifts: rounded lengths do not add up over hours', () => {
    const lengths = Array.from({ length: 2_000 }, () => 3_999);
    const segments = run(0, 'video', 0, lengths).map((each, i) => ({ ...each, startMs: i * 4_000 }));
    expect(totalMs(mediaPlaylist(source({ segments }), 'video'))).toBe(2_000 * 4_000 - 1);
  });

  it('is as long as its recording, whatever is missing', () => {
    const lost = fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { maxLength: 20 });
    fc.assert(
      fc.property(lost, lost, (lostVideo, lostAudio) => {
        const all = Array.from({ length: 30 }, () => 4_000);
        const keep = (track: TrackKind, lostSeqs: number[]) =>
          run(0, track, 0, all).filter(({ seq }) => !lostSeqs.includes(seq));
        const each = source({ segments: [...keep('video', lostVideo), ...keep('audio', lostAudio)] });
        expect(totalMs(mediaPlaylist(each, 'video'))).toBe(120_000);
        expect(totalMs(mediaPlaylist(each, 'audio'))).toBe(120_000);
        expect(longestMs(mediaPlaylist(each, 'video'))).toBeLessThanOrEqual(9_000);
      }),
    );
  });
});

const lengthsOf = (playlist: string): number[] =>
  Array.from(playlist.matchAll(/#EXTINF:([\d.]+),/g), ([, seconds]) => Math.round(Number(seconds) * 1_000));
const totalMs = (playlist: string): number => lengthsOf(playlist).reduce((sum, ms) => sum + ms, 0);
const longestMs = (playlist: string): number => Math.max(...lengthsOf(playlist));
const names = (playlist: string): string[] =>
  playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const count = (playlist: string, tag: string): number =>
  playlist.split('\n').filter((line) => line.startsWith(tag)).length;
