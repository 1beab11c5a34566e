import { startsH264KeyFrame, startsVp8KeyFrame, type KeyFrameTest } from './key-frames.ts';

/** How a picture reaches the recording: its packets as they are, or decoded and encoded again. */
export type VideoTreatment = 'copy' | 'transcode';

/** What the recorder must know of a video codec. */
export interface VideoCodecTraits {
  readonly treatment: VideoTreatment;
  readonly startsKeyFrame: KeyFrameTest;
}

/**
 * The codecs of every room's router, the preferred first. Opus asks for retransmission (a lost packet of sound is heard, and
 * shifts the recording's sound against its picture); H.264 constrained baseline is recorded as it is; VP8 is for publishers that
 * cannot send it, and costs an encoder.
 */
export const ROUTER_CODECS = [
  {
    kind: 'audio' as const,
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    rtcpFeedback: [{ type: 'nack' }, { type: 'transport-cc' }],
  },
  {
    kind: 'video' as const,
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
  { kind: 'video' as const, mimeType: 'video/VP8', clockRate: 90_000 },
];

const VIDEO_TRAITS: Readonly<Record<string, VideoCodecTraits>> = {
  'video/h264': { treatment: 'copy', startsKeyFrame: startsH264KeyFrame },
  'video/vp8': { treatment: 'transcode', startsKeyFrame: startsVp8KeyFrame },
};

/** What the recorder does with this codec; `undefined` for one that no router of ours offers. Names are case-insensitive. */
export function videoTraits(mimeType: string): VideoCodecTraits | undefined {
  return VIDEO_TRAITS[mimeType.toLowerCase()];
}
