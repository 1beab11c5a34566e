import { type Outcome, run } from '../../scripts/host/run.ts';
import type { Meters } from '../../media/src/testing/measure.ts';

/** What ffmpeg decoded of an address. */
export interface Decoded {
  readonly frames: number;
  /** Seconds of sound. */
  readonly soundSeconds: number;
  /** Lines that tell of damage: what could not be decoded, or not be had. */
  readonly damage: readonly string[];
}

const DAMAGE = /error while decoding|Invalid NAL|corrupt|concealing|HTTP error|Failed to open/i;

/** Plays a playlist by ffmpeg in real time, picture and sound, and decodes everything. @param seconds at most so long */
export async function playByFfmpeg(
  { ffmpegPath }: Meters,
  address: string,
  seconds: number,
): Promise<Decoded> {
  const read = (kind: 'v' | 'a') => [
    ...['-map', `0:${kind}:0`, '-t', String(seconds), '-fps_mode', 'passthrough', '-f', 'null', '-'],
  ];
  const common = ['-nostdin', '-v', 'info', '-stats_period', '3600', '-i', address];
  const timeoutMs = (seconds + 30) * 1000;
  const [picture, sound] = await Promise.all([
    run(ffmpegPath, [...common, ...read('v')], { timeoutMs }),
    run(ffmpegPath, [...common, ...read('a')], { timeoutMs }),
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
