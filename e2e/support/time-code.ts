import { type Meters, streamFacts } from '../../media/src/testing/measure.ts';
import { runProgram } from '../../media/src/testing/programs.ts';
import { TIME_CODE } from './fake-camera.ts';

/** One picture of a recording. */
export interface CodedFrame {
  /** Seconds of the file's own clock. */
  readonly mediaS: number;
  /** The wall clock that was drawn into it, unix ms; null where the blocks cannot be read. */
  readonly drawnAtMs: number | null;
}

/** Darker or brighter than these, a block can be read. */
const DARK = 80;
const BRIGHT = 170;

/**
 * Decodes every picture of a file and reads the time code of `fake-camera.ts`.
 * @param nearMs a moment of the broadcast, unix ms: the code holds the lower bits only
 */
export async function readTimeCodes(meters: Meters, file: string, nearMs: number): Promise<CodedFrame[]> {
  const { x, y, width, height, bits } = TIME_CODE;
  const { width: shown = 0 } = await streamFacts(meters, file);
  if (shown !== 1280) throw new Error(`the picture is ${shown} wide`);
  const filter = `crop=${width * bits}:${height}:${x}:${y},scale=${bits}:1:flags=area,format=gray`;
  const { stdout } = await runProgram(meters.ffmpegPath, [
    ...['-v', 'error', '-nostdin', '-copyts', '-i', file, '-an', '-fps_mode', 'passthrough'],
    ...['-vf', filter, '-f', 'rawvideo', '-'],
  ]);
  const times = await frameTimes(meters, file);
  if (stdout.length !== times.length * bits) {
    throw new Error(`${stdout.length / bits} pictures decoded of ${times.length} in ${file}`);
  }
  return times.map((mediaS, index) => ({
    mediaS,
    drawnAtMs: decode(stdout.subarray(index * bits, (index + 1) * bits), nearMs),
  }));
}

async function frameTimes({ ffprobePath }: Meters, file: string): Promise<number[]> {
  const show = ['-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const { stdout } = await runProgram(ffprobePath, ['-v', 'error', ...show, file]);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(Number.parseFloat);
}

function decode(levels: Uint8Array, nearMs: number): number | null {
  if (levels.some((level) => level > DARK && level < BRIGHT)) return null;
  const low = levels.reduce((value, level) => value * 2 + (level >= BRIGHT ? 1 : 0), 0);
  const wrap = 2 ** TIME_CODE.bits;
  return low + Math.round((nearMs - low) / wrap) * wrap;
}
