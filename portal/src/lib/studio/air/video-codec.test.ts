import { expect, it } from 'vitest';
import { preferredVideoCodec, type SendableCodec } from './video-codec.ts';

const h264 = (profile: string, mode = 1): SendableCodec => ({
  kind: 'video',
  mimeType: 'video/H264',
  parameters: { 'profile-level-id': profile, 'packetization-mode': mode },
});
const vp8: SendableCodec = { kind: 'video', mimeType: 'video/VP8' };
const opus: SendableCodec = { kind: 'audio', mimeType: 'audio/opus' };

it.each([
  {
    name: 'constrained baseline before all',
    codecs: [opus, vp8, h264('42001f'), h264('42e01f')],
    chosen: h264('42e01f'),
  },
  { name: 'of any level', codecs: [vp8, h264('42E034')], chosen: h264('42E034') },
  { name: 'in whole packets', codecs: [h264('42e01f', 0), h264('42e01f')], chosen: h264('42e01f') },
  { name: 'another H.264 before VP8', codecs: [vp8, h264('4d001f')], chosen: h264('4d001f') },
  { name: 'VP8 where there is no H.264', codecs: [opus, vp8], chosen: vp8 },
  { name: 'VP8 where H.264 comes in pieces only', codecs: [h264('42e01f', 0), vp8], chosen: vp8 },
  { name: 'nothing of nothing', codecs: [opus], chosen: undefined },
])('$name', ({ codecs, chosen }) => expect(preferredVideoCodec(codecs)).toEqual(chosen));
