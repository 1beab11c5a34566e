import type Hls from 'hls.js';
import type { ErrorData, LevelDetails } from 'hls.js';
import { type OnSegment, provingLoader } from './proving-loader.ts';
import type { MappedFragment } from './timeline-map.ts';

/** `network`: it did not come; `media`: it came and cannot be shown; `gone`: the address is not valid any more. */
export type SourceFailure = 'network' | 'media' | 'gone' | 'unsupported';

export interface SourceOptions {
  readonly playlistUrl: string;
  readonly startAtSeconds: number;
  readonly onSegment: OnSegment;
  /** The playlist came, or came again with more in it. */
  readonly onFragments: (fragments: readonly MappedFragment[]) => void;
  readonly onFailure: (failure: SourceFailure) => void;
}

/** A playlist in a video element, until it is closed. */
export interface HlsSource {
  /** Whether segments are seen and proven; not so where the system plays HLS by itself (older iPhones). */
  readonly provesSegments: boolean;
  /** Tries again after a `network` failure. */
  retry(): void;
  close(): void;
}

/** Attaches a playlist: by hls.js where there is MediaSource, by the system's own HLS elsewhere. */
export async function attachHls(video: HTMLVideoElement, options: SourceOptions): Promise<HlsSource> {
  const { default: HlsEngine } = await import('hls.js');
  if (HlsEngine.isSupported()) return attachEngine(HlsEngine, video, options);
  if (video.canPlayType('application/vnd.apple.mpegurl') !== '') return attachNative(video, options);
  options.onFailure('unsupported');
  return { provesSegments: false, retry: () => undefined, close: () => undefined };
}

function attachEngine(HlsEngine: typeof Hls, video: HTMLVideoElement, options: SourceOptions): HlsSource {
  const hls = new HlsEngine({
    startPosition: options.startAtSeconds,
    lowLatencyMode: false,
    maxBufferLength: 30,
    maxMaxBufferLength: 60,
    backBufferLength: 60,
    fLoader: provingLoader(HlsEngine.DefaultConfig.loader, options.onSegment),
  });
  let mediaFailures = 0;
  const tellFragments = (details: LevelDetails) => options.onFragments(details.fragments);
  hls.on(HlsEngine.Events.LEVEL_UPDATED, (_, { details }) => tellFragments(details));
  hls.on(HlsEngine.Events.ERROR, (_, error: ErrorData) => {
    if (!error.fatal) return;
    const status = error.response?.code ?? 0;
    if (error.type === HlsEngine.ErrorTypes.MEDIA_ERROR && mediaFailures++ < 2) hls.recoverMediaError();
    else if (error.type === HlsEngine.ErrorTypes.MEDIA_ERROR) options.onFailure('media');
    else if ([401, 403, 404, 410].includes(status)) options.onFailure('gone');
    else options.onFailure('network');
  });
  hls.loadSource(options.playlistUrl);
  hls.attachMedia(video);
  return { provesSegments: true, retry: () => hls.startLoad(), close: () => hls.destroy() };
}

function attachNative(video: HTMLVideoElement, options: SourceOptions): HlsSource {
  const listening = new AbortController();
  const { signal } = listening;
  video.addEventListener('loadedmetadata', () => (video.currentTime = options.startAtSeconds), { signal });
  video.addEventListener('error', () => options.onFailure('network'), { signal });
  video.src = options.playlistUrl;
  return {
    provesSegments: false,
    retry: () => video.load(),
    close: () => {
      listening.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}
