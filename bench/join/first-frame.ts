/** Chromium's processor of a track, which the DOM's types do not know. */
type Processor = new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };

/** In a page: resolves with the page's clock when the first picture of a track was decoded. */
export async function firstFrame(track: MediaStreamTrack): Promise<number> {
  const { MediaStreamTrackProcessor } = globalThis as unknown as { MediaStreamTrackProcessor: Processor };
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const { value } = await reader.read();
  const atMs = performance.now();
  value?.close();
  await reader.cancel();
  return atMs;
}
