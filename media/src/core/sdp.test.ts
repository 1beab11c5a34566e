import { expect, it } from 'vitest';
import { recorderSdp } from './sdp.ts';

it('describes both streams with their ports for reports', () => {
  const sdp = recorderSdp([
    {
      kind: 'video',
      port: 20_000,
      payloadType: 102,
      mimeType: 'video/H264',
      clockRate: 90_000,
      parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
    },
    {
      kind: 'audio',
      port: 20_002,
      payloadType: 100,
      mimeType: 'audio/opus',
      clockRate: 48_000,
      channels: 2,
      parameters: {},
    },
  ]);
  expect(sdp.split('\r\n')).toEqual([
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=lecture',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=video 20000 RTP/AVP 102',
    'a=rtcp:20001',
    'a=rtpmap:102 H264/90000',
    'a=fmtp:102 packetization-mode=1;profile-level-id=42e01f',
    'a=recvonly',
    'm=audio 20002 RTP/AVP 100',
    'a=rtcp:20003',
    'a=rtpmap:100 opus/48000/2',
    'a=recvonly',
    '',
  ]);
});
