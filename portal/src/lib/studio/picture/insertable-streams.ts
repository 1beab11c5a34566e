/**
 * The browser's ways between tracks and frames, which TypeScript's DOM types lack.
 * Sources: W3C mediacapture-transform; Chromium's older form of it, with the generator on the main thread.
 */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
type TrackProcessorClass = new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => TrackProcessor;
interface TrackGenerator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}
type TrackGeneratorClass = new (init: { kind: 'video' }) => TrackGenerator;
interface WorkerTrackGenerator {
  readonly writable: WritableStream<VideoFrame>;
  readonly track: MediaStreamTrack;
}
type WorkerTrackGeneratorClass = new () => WorkerTrackGenerator;

interface InsertableStreams {
  readonly MediaStreamTrackProcessor?: TrackProcessorClass;
  readonly MediaStreamTrackGenerator?: TrackGeneratorClass;
  readonly VideoTrackGenerator?: WorkerTrackGeneratorClass;
}

/** What this thread (page or worker) offers. */
export const insertable = globalThis as unknown as InsertableStreams;
