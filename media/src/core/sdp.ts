/** One RTP stream as ffmpeg shall receive it on this machine. RTCP goes to the next port. */
export interface SdpStream {
  readonly kind: 'video' | 'audio';
  readonly port: number;
  readonly payloadType: number;
  /** `audio/opus`, `video/H264` */
  readonly mimeType: string;
  readonly clockRate: number;
  readonly channels?: number | undefined;
  /** Parameters of the codec (`a=fmtp`). */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The session description (RFC 8866) by which ffmpeg listens for these streams on the loopback address. */
export function recorderSdp(streams: readonly SdpStream[]): string {
  const session = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=lecture', 'c=IN IP4 127.0.0.1', 't=0 0'];
  return [...session, ...streams.flatMap(mediaLines), ''].join('\r\n');
}

function mediaLines({
  kind,
  port,
  payloadType,
  mimeType,
  clockRate,
  channels,
  parameters,
}: SdpStream): string[] {
  const encoding = [mimeType.slice(mimeType.indexOf('/') + 1), clockRate, ...(channels ? [channels] : [])];
  const fmtp = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
  return [
    `m=${kind} ${port} RTP/AVP ${payloadType}`,
    `a=rtcp:${port + 1}`,
    `a=rtpmap:${payloadType} ${encoding.join('/')}`,
    ...(fmtp.length === 0 ? [] : [`a=fmtp:${payloadType} ${fmtp.join(';')}`]),
    'a=recvonly',
  ];
}
