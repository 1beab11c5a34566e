import { type Outcome, run } from '../../scripts/host/run.ts';
import type { Meters } from '../../media/src/testing/measure.ts';

/** What ffmpeg decoded of an address. */
export interface Decoded {
  readonly frames: number;
  /** Seconds of sound. */
  readonly soundSeconds: number;
  /** Lines that tell of damage: what could not be decoded. (What it cannot have is a gap, whose tag it does not know.) */
  readonly damage: readonly string[];
}

const DAMAGE = /error while decoding|Invalid NAL|Invalid data|corrupt|concealing/i;

/**
 * Plays a playlist by ffmpeg, picture and sound, and decodes everything.
 * @param seconds at most so long
 * @param cookie of the session to which the address belongs, `name=value`
 */
export async function playByFfmpeg(
  { ffmpegPath }: Meters,
  address: string,
  seconds: number,
  cookie: string,
): Promise<Decoded> {
  const read = (kind: 'v' | 'a') => [
    ...['-map', `0:${kind}:0`, '-t', String(seconds), '-fps_mode', 'passthrough', '-f', 'null', '-'],
  ];
  const headers = ['-headers', `Cookie: ${cookie}\r\n`];
  const common = ['-nostdin', '-v', 'info', '-stats_period', '3600'];
  const input = [...headers, '-i', address];
  const timeoutMs = (seconds + 30) * 1000;
  const [picture, sound] = await Promise.all([
    // Each epoch has a clock of its own; pictures come over the joint when ffmpeg leaves them alone.
    run(ffmpegPath, [...common, '-copyts', ...input, ...read('v')], { timeoutMs }),
    run(ffmpegPath, [...common, ...input, ...read('a')], { timeoutMs }),
  ]);
  return {
    frames: Number(last(/frame=\s*(\d+)/g, picture)),
    soundSeconds: secondsOf(last(/time=(\S+)/g, sound)),
    damage: [picture, sound].flatMap(({ output }) => output.split('\n').filter((line) => DAMAGE.test(line))),
  };
}

function last(pattern: RegExp, { output }: Outcome): string {
  return [...output.matchAll(pattern)].at(-1)?.[1] ?? '0';
}

/** `00:00:12.34` */
function secondsOf(clock: string): number {
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
