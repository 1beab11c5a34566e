/** Why there is no picture or sound; the page has words for each. */
export type CaptureFailure = 'denied' | 'missing' | 'busy' | 'insecure' | 'failed';

export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly failure: CaptureFailure;

  constructor(failure: CaptureFailure, options?: ErrorOptions) {
    super(failure, options);
    this.failure = failure;
  }
}

/** Device ids as remembered; undefined takes what the system prefers, `null` no camera at all. */
export interface DeviceWish {
  readonly cameraId: string | null | undefined;
  readonly microphoneId: string | undefined;
}
export interface Captured {
  /** Undefined where there is no camera: sound and slides only. */
  readonly camera: MediaStreamTrack | undefined;
  readonly microphone: MediaStreamTrack;
}

const PICTURE: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
};
const SOUND: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};
const wished = (id: string | undefined): MediaTrackConstraints =>
  id === undefined ? {} : { deviceId: { ideal: id } };

/**
 * Camera and microphone by one question to the person; the microphone alone where there is no camera.
 * @throws {CaptureError}
 */
export async function captureBoth({ cameraId, microphoneId }: DeviceWish): Promise<Captured> {
  const audio = { ...SOUND, ...wished(microphoneId) };
  if (cameraId === null) return tracksOf(await ask({ audio }));
  try {
    return tracksOf(await ask({ audio, video: { ...PICTURE, ...wished(cameraId) } }));
  } catch (cause) {
    if (!(cause instanceof CaptureError) || cause.failure !== 'missing') throw cause;
    return tracksOf(await ask({ audio }));
  }
}

/** @throws {CaptureError} */
export async function captureCamera(deviceId: string): Promise<MediaStreamTrack> {
  return first((await ask({ video: { ...PICTURE, deviceId: { exact: deviceId } } })).getVideoTracks());
}

/** @throws {CaptureError} */
export async function captureMicrophone(deviceId: string): Promise<MediaStreamTrack> {
  return first((await ask({ audio: { ...SOUND, deviceId: { exact: deviceId } } })).getAudioTracks());
}

/** A screen, a window or a tab, as the person chooses; undefined when they choose none. @throws {CaptureError} */
export async function captureScreen(): Promise<MediaStreamTrack | undefined> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: 15, max: 30 } },
    });
    const track = first(stream.getVideoTracks());
    track.contentHint = 'detail';
    return track;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotAllowedError') return undefined;
    throw new CaptureError(failureOf(cause), { cause });
  }
}

async function ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
  // Outside secure contexts browsers leave it out, whatever the DOM's types promise.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) throw new CaptureError('insecure');
  try {
    return await devices.getUserMedia(constraints);
  } catch (cause) {
    throw new CaptureError(failureOf(cause), { cause });
  }
}

function failureOf(cause: unknown): CaptureFailure {
  switch (cause instanceof DOMException ? cause.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

function tracksOf(stream: MediaStream): Captured {
  return { camera: stream.getVideoTracks()[0], microphone: first(stream.getAudioTracks()) };
}

function first(tracks: readonly MediaStreamTrack[]): MediaStreamTrack {
  const [track] = tracks;
  if (track === undefined) throw new CaptureError('failed');
  return track;
}
