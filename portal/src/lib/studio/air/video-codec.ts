/** A codec as a device can send it to this room's router. */
export interface SendableCodec {
  readonly kind: 'audio' | 'video';
  readonly mimeType: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Constrained baseline, level 3.1 (1280 x 720 at 30): every decoder knows it, and it is recorded without encoding again. */
const CONSTRAINED_BASELINE = /^42e0/i;

/**
 * What to send the picture with, of what both the browser and the router can: H.264 constrained baseline in whole
 * packets, any other baseline H.264, then VP8 (which costs the recorder an encoding). Undefined: the browser chooses.
 */
export function preferredVideoCodec<C extends SendableCodec>(codecs: readonly C[]): C | undefined {
  const named = (name: string) => codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${name}`);
  const h264 = named('h264').filter(({ parameters }) => Number(parameters?.['packetization-mode']) === 1);
  return (
    h264.find(({ parameters }) => CONSTRAINED_BASELINE.test(String(parameters?.['profile-level-id']))) ??
    h264[0] ??
    named('vp8')[0]
  );
}
