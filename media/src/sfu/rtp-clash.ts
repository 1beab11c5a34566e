import type { RtpParametersIn } from '@yike/contracts/signaling/room';

type Streams = Pick<RtpParametersIn, 'mid' | 'encodings'>;

const ssrcsOf = ({ encodings = [] }: Streams): number[] =>
  encodings.flatMap(({ ssrc, rtx }) => [ssrc, rtx?.ssrc]).filter((ssrc) => ssrc !== undefined);

/**
 * What of a producer's parameters is in use already, by itself or by others on the same transport: packets could not be told
 * apart (RFC 8843, 9.2). Undefined where all is its own.
 */
export function clashOf(wanted: Streams, others: readonly Streams[]): string | undefined {
  const own = ssrcsOf(wanted);
  const taken = new Set(others.flatMap(ssrcsOf));
  if (new Set(own).size < own.length || own.some((ssrc) => taken.has(ssrc))) return 'an SSRC is used twice';
  if (wanted.mid !== undefined && others.some(({ mid }) => mid === wanted.mid)) return 'a MID is used twice';
  return undefined;
}
