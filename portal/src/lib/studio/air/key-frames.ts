/** Segments of the recording begin at key frames, and so does what a low-latency player can join at. */
const EVERY_MS = 2_000;

/** WebRTC extensions, `RTCRtpSender.setParameters(parameters, options)`: one entry per encoding. The DOM's types do not know it. */
interface KeyFrameSender {
  setParameters(
    parameters: RTCRtpSendParameters,
    options: { encodingOptions: { keyFrame: boolean }[] },
  ): Promise<void>;
}

/**
 * Makes a key frame now and then without being asked. Who asks does it by picture loss indication, and a browser hears one in 300 ms only: a viewer
 * who comes right after the recorder would wait for the next. A browser that does not know how ignores it; then the recorder asks.
 * @returns ceases
 */
export function makeKeyFrames(sender: RTCRtpSender & KeyFrameSender): () => void {
  const timer = setInterval(() => {
    const parameters = sender.getParameters();
    const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }));
    sender
      .setParameters(parameters, { encodingOptions })
      .catch((cause: unknown) => console.debug('no key frame could be made', cause));
  }, EVERY_MS);
  return () => clearInterval(timer);
}
