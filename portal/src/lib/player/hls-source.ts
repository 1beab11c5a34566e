import type Hls from 'hls.js';
import type { ErrorData, HlsConfig, LevelDetails } from 'hls.js';
import { segmentNameOf } from '#lib/viewing/segment-name.ts';
import { provingLoader } from './proving-loader.ts';
import { type OnSegment, SegmentAssembly } from './segment-assembly.ts';
import type { MappedFragment } from './timeline-map.ts';

/** `network`: it did not come; `media`: it came and cannot be shown; `gone`: the address is not valid any more. */
export type SourceFailure = 'network' | 'media' | 'gone' | 'unsupported';

export interface SourceOptions {
  readonly playlistUrl: string;
  /** Seconds; `live`: as near to now as the line allows; `live-late`: whole segments behind, with the fewest requests. */
  readonly startAt: number | 'live' | 'live-late';
  readonly onSegment: OnSegment;
  /** The playlist came, or came again with more in it. */
  readonly onFragments: (fragments: readonly MappedFragment[]) => void;
  readonly onFailure: (failure: SourceFailure) => void;
}

/** A playlist in a video element, until it is closed. */
export interface HlsSource {
  /** Whether segments are seen and proven; not so where the system plays HLS by itself (older iPhones). */
  readonly provesSegments: boolean;
  /** Wall clock of what is shown, Unix ms, where the system's own player knows it; elsewhere the fragments tell it. */
  wallClockMs(): number | null;
  /** Of a live playlist: how far from its end is played, seconds; 0 where nobody knows. */
  behindSeconds(): number;
  /** Of a live playlist: leaves out what was missed in a pause. */
  toNow(): void;
  /** Tries again after a `network` failure. */
  retry(): void;
  close(): void;
}

/** Who plays HLS: hls.js where there is MediaSource, the system itself elsewhere; null where neither can. */
export type HlsPlayerKind = 'hls.js' | 'native';

export async function hlsPlayerOf(video: HTMLVideoElement): Promise<HlsPlayerKind | null> {
  const { default: HlsEngine } = await import('hls.js');
  if (HlsEngine.isSupported()) return 'hls.js';
  return video.canPlayType('application/vnd.apple.mpegurl') === '' ? null : 'native';
}

/** Attaches a playlist. */
export async function attachHls(video: HTMLVideoElement, options: SourceOptions): Promise<HlsSource> {
  const kind = await hlsPlayerOf(video);
  if (kind === 'native') return attachNative(video, options);
  if (kind === 'hls.js') return attachEngine((await import('hls.js')).default, video, options);
  options.onFailure('unsupported');
  const nothing = (): void => undefined;
  return {
    ...{ provesSegments: false, wallClockMs: () => null, behindSeconds: () => 0 },
    ...{ toNow: nothing, retry: nothing, close: nothing },
  };
}

const RECORDING: Partial<HlsConfig> = {
  lowLatencyMode: false,
  maxBufferLength: 30,
  maxMaxBufferLength: 60,
  backBufferLength: 60,
};
/** The playlist says how far from its end to play; who has fallen behind catches up so slowly that nobody hears it. */
const LIVE: Partial<HlsConfig> = {
  lowLatencyMode: true,
  maxLiveSyncPlaybackRate: 1.05,
  liveDurationInfinity: true,
  maxBufferLength: 20,
  backBufferLength: 20,
};
/** A thin line has no room for a playlist with each part: nearly two whole segments behind, in seconds. */
const LIVE_LATE: Partial<HlsConfig> = {
  ...LIVE,
  lowLatencyMode: false,
  liveSyncDuration: 7,
  liveMaxLatencyDuration: 30,
  maxBufferLength: 30,
};

function attachEngine(HlsEngine: typeof Hls, video: HTMLVideoElement, options: SourceOptions): HlsSource {
  const { playlistUrl, startAt, onSegment, onFragments, onFailure } = options;
  const assembly = new SegmentAssembly(onSegment);
  const hls = new HlsEngine({
    ...configFrom(startAt),
    fLoader: provingLoader(HlsEngine.DefaultConfig.loader, ({ segment, part }, bytes) => {
      if (part === null) onSegment(segment, bytes);
      else assembly.take(segment, part, bytes);
    }),
  });
  let mediaFailures = 0;
  hls.on(HlsEngine.Events.LEVEL_UPDATED, (_, { details }) => {
    expectWholeSegments(details, assembly);
    // Of the segment that is still being written the first parts are played already.
    onFragments(
      details.fragmentHint === undefined ? details.fragments : [...details.fragments, details.fragmentHint],
    );
  });
  hls.on(HlsEngine.Events.AUDIO_TRACK_UPDATED, (_, { details }) => expectWholeSegments(details, assembly));
  hls.on(HlsEngine.Events.ERROR, (_, error: ErrorData) => {
    if (!error.fatal) return;
    const status = error.response?.code ?? 0;
    if (error.type === HlsEngine.ErrorTypes.MEDIA_ERROR && mediaFailures++ < 2) hls.recoverMediaError();
    else if (error.type === HlsEngine.ErrorTypes.MEDIA_ERROR) onFailure('media');
    else if ([401, 403, 404, 410].includes(status)) onFailure('gone');
    else onFailure('network');
  });
  hls.loadSource(playlistUrl);
  hls.attachMedia(video);
  return {
    provesSegments: true,
    wallClockMs: () => null,
    behindSeconds: () => hls.latency,
    toNow: () => {
      if (hls.liveSyncPosition !== null) video.currentTime = hls.liveSyncPosition;
    },
    // Before the first playlist came there is nothing to go on with.
    retry: () => (hls.levels.length === 0 ? hls.loadSource(playlistUrl) : hls.startLoad()),
    close: () => hls.destroy(),
  };
}

function configFrom(startAt: SourceOptions['startAt']): Partial<HlsConfig> {
  if (startAt === 'live') return LIVE;
  return startAt === 'live-late' ? LIVE_LATE : { ...RECORDING, startPosition: startAt };
}

/** Tells how many parts the written segments have, as far as the playlist still lists them. */
function expectWholeSegments({ partList, fragments }: LevelDetails, assembly: SegmentAssembly): void {
  if (partList === null) return;
  const counts = new Map<number, number>();
  for (const { fragment, index } of partList) {
    counts.set(fragment.sn, Math.max(counts.get(fragment.sn) ?? 0, index + 1));
  }
  for (const { sn, url } of fragments.slice(-counts.size)) {
    const segment = segmentNameOf(url);
    const count = typeof sn === 'number' ? counts.get(sn) : undefined;
    if (segment !== undefined && count !== undefined) assembly.expect(segment, count);
  }
}

/** Safari tells the wall clock of its media's 0. */
type DatedVideo = HTMLVideoElement & { getStartDate?: () => Date };

function attachNative(video: DatedVideo, options: SourceOptions): HlsSource {
  const { playlistUrl, startAt, onFailure } = options;
  const listening = new AbortController();
  const { signal } = listening;
  const toNow = (): void => {
    const { seekable } = video;
    if (seekable.length > 0) video.currentTime = seekable.end(seekable.length - 1);
  };
  if (typeof startAt === 'number') {
    video.addEventListener('loadedmetadata', () => (video.currentTime = startAt), { signal });
  }
  video.addEventListener('error', () => onFailure('network'), { signal });
  video.src = playlistUrl;
  return {
    provesSegments: false,
    wallClockMs: () => {
      const startMs = video.getStartDate?.().getTime() ?? NaN;
      return Number.isNaN(startMs) ? null : startMs + video.currentTime * 1000;
    },
    // The system keeps to the end by itself.
    behindSeconds: () => 0,
    toNow,
    retry: () => video.load(),
    close: () => {
      listening.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}
