// A lecturer of Janus: publishes a page's camera and microphone in a video room, from where it is forwarded to the streaming plugin.
import { Janus } from './janus-client.ts';

/** Ports of a mountpoint, and the payload types that it expects. Without a port for RTCP nobody asks for key frames by it. */
export interface ForwardTo {
  readonly video: {
    readonly port: number;
    readonly rtcpPort?: number | undefined;
    readonly payloadType: number;
  };
  readonly audio: { readonly port: number; readonly payloadType: number };
}

/** What the studio sends at most. */
const MOST_VIDEO_BITRATE = 1_800_000;
const ROOM = 1;
/** So often Janus asks by itself, as its package's own room says: it asks no second time where a request is not heard. */
const FIR_EVERY_S = 10;

/** Resolves once the picture goes up and is forwarded; it goes on until the page is closed. */
async function publish(url: string, targets: readonly ForwardTo[]): Promise<void> {
  const janus = await Janus.connect(url, 'janus.plugin.videoroom');
  const ask = async (body: object, jsep?: RTCSessionDescriptionInit) =>
    janus.ask({ janus: 'message', body, ...(jsep && { jsep }) });
  await ask({
    ...{ request: 'create', room: ROOM, publishers: 1, bitrate: MOST_VIDEO_BITRATE },
    ...{ audiocodec: 'opus', videocodec: 'h264', h264_profile: '42e01f', fir_freq: FIR_EVERY_S },
  });
  const joined = await ask({ request: 'join', ptype: 'publisher', room: ROOM });
  const publisher = joined.plugindata?.data.id;

  const connection = new RTCPeerConnection();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of stream.getTracks()) {
    const isVideo = track.kind === 'video';
    const sendEncodings = isVideo ? [{ maxBitrate: MOST_VIDEO_BITRATE }] : [];
    connection.addTransceiver(track, { direction: 'sendonly', streams: [stream], sendEncodings });
  }
  const mids = new Map<string, string>();
  connection.onicecandidate = ({ candidate }) =>
    janus.tell({ janus: 'trickle', candidate: candidate ?? { completed: true } });
  await connection.setLocalDescription(await connection.createOffer());
  for (const { mid, sender } of connection.getTransceivers()) mids.set(sender.track?.kind ?? '', mid ?? '');
  const { jsep } = await ask({ request: 'publish' }, connection.localDescription ?? undefined);
  if (jsep === undefined) throw new Error('Janus takes no picture');
  await connection.setRemoteDescription(jsep);
  for (const { video, audio } of targets) {
    await ask({
      ...{ request: 'rtp_forward', room: ROOM, publisher_id: publisher, host: '127.0.0.1' },
      streams: [
        {
          mid: mids.get('video'),
          port: video.port,
          pt: video.payloadType,
          ...(video.rtcpPort && { rtcp_port: video.rtcpPort }),
        },
        { mid: mids.get('audio'), port: audio.port, pt: audio.payloadType },
      ],
    });
  }
}

Object.assign(globalThis, { publish });
