import { FLASH_BOX, FLASH_S } from './clip.ts';
import { runProgram } from './programs.ts';

/** Programs by which recordings are measured. */
export interface Meters {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}

const LOUD = 3_000;
const BRIGHT = 128;
const RATE = 48_000;
/** A tone's edge is sought in steps of a millisecond, after so many quiet ones. */
const QUIET_MS = 200;

/** What ffprobe says of a file's only stream. */
export interface StreamFacts {
  readonly codec_name: string;
  readonly codec_tag_string: string;
  readonly profile?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** @param file of one track */
export async function streamFacts({ ffprobePath }: Meters, file: string): Promise<StreamFacts> {
  const { stdout } = await runProgram(ffprobePath, ['-v', 'error', '-show_streams', '-of', 'json', file]);
  const { streams } = JSON.parse(stdout.toString()) as { streams: StreamFacts[] };
  const [stream] = streams;
  if (stream === undefined || streams.length > 1) throw new Error(`${streams.length} streams in ${file}`);
  return stream;
}

/** What ffmpeg complains about when it decodes all of it: line by line, none where all is well. */
export async function decodeComplaints({ ffmpegPath }: Meters, file: string): Promise<string[]> {
  const { stderr } = await runProgram(ffmpegPath, [
    ...['-v', 'warning', '-nostdin', '-copyts', '-i', file],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '1:90000', '-f', 'null', '-'],
  ]);
  return stderr.split('\n').filter((line) => line.trim() !== '');
}

/** The sizes of the picture in their order, as `1280x720`: one after each change. */
export async function pictureSizes({ ffprobePath }: Meters, file: string): Promise<string[]> {
  const show = ['-select_streams', 'v', '-show_entries', 'frame=width,height', '-of', 'csv=p=0:s=x'];
  const { stdout } = await runProgram(ffprobePath, ['-v', 'error', ...show, file]);
  const sizes = stdout.toString().match(/\d+x\d+/g) ?? [];
  return sizes.filter((size, index) => size !== sizes[index - 1]);
}

/** A hash of the coded bytes of each H.264 picture, without what a container or a sender adds (parameter sets, SEI). */
export async function pictureHashes({ ffmpegPath }: Meters, file: string): Promise<string[]> {
  const filter = ['-bsf:v', 'filter_units=remove_types=6|7|8|9'];
  const args = ['-v', 'error', '-nostdin', '-i', file, '-map', '0:v:0', '-c', 'copy', ...filter];
  const { stdout } = await runProgram(ffmpegPath, [...args, '-f', 'framehash', '-hash', 'md5', '-']);
  return stdout
    .toString()
    .split('\n')
    .flatMap((line) => /[0-9a-f]{32}$/.exec(line) ?? []);
}

/** Media seconds of the file at which the picture's flash begins. */
export async function flashTimes({ ffmpegPath }: Meters, file: string): Promise<number[]> {
  const { x, y, width, height } = FLASH_BOX;
  const filter = `crop=${width}:${height}:${x}:${y},signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-`;
  const args = ['-v', 'error', '-nostdin', '-copyts', '-i', file, '-an', '-fps_mode', 'passthrough'];
  const { stdout } = await runProgram(ffmpegPath, [...args, '-vf', filter, '-f', 'null', '-']);
  const frames = [...stdout.toString().matchAll(/pts_time:(\S+)\s+lavfi\.signalstats\.YAVG=(\S+)/g)];
  const lit = frames.map(([, time, level]) => ({ time: Number(time), isLit: Number(level) > BRIGHT }));
  return lit.filter(({ isLit }, index) => isLit && lit[index - 1]?.isLit === false).map(({ time }) => time);
}

/** Media seconds of the file at which a beep begins. */
export async function beepTimes(meters: Meters, file: string): Promise<number[]> {
  const startS = await firstFrameTime(meters, file);
  const args = ['-v', 'error', '-nostdin', '-i', file, '-ac', '1', '-ar', `${RATE}`, '-f', 's16le', '-'];
  const { stdout } = await runProgram(meters.ffmpegPath, args);
  const step = RATE / 1000;
  const levels = Array.from({ length: Math.floor(stdout.length / 2 / step) }, (_, ms) => {
    let peak = 0;
    for (let index = 0; index < step; index += 1) {
      peak = Math.max(peak, Math.abs(stdout.readInt16LE((ms * step + index) * 2)));
    }
    return peak;
  });
  const isEdge = (ms: number): boolean =>
    (levels[ms] ?? 0) > LOUD && levels.slice(ms - QUIET_MS, ms).every((level) => level <= LOUD);
  return levels.flatMap((_, ms) => (ms >= QUIET_MS && isEdge(ms) ? [startS + ms / 1000] : []));
}

async function firstFrameTime({ ffprobePath }: Meters, file: string): Promise<number> {
  const show = [
    '-show_entries',
    'frame=best_effort_timestamp_time',
    '-read_intervals',
    '%+#3',
    '-of',
    'csv=p=0',
  ];
  const { stdout } = await runProgram(ffprobePath, ['-v', 'error', '-select_streams', 'a:0', ...show, file]);
  return Number.parseFloat(stdout.toString());
}

/**
 * Beep minus flash in milliseconds, for every beep that has its flash: what a viewer of both files hears late (positive) or early.
 * @param files of the video and the audio track, or the same file twice
 */
export async function soundOffsetsMs(
  meters: Meters,
  files: { video: string; audio: string },
): Promise<number[]> {
  const [flashes, beeps] = await Promise.all([
    flashTimes(meters, files.video),
    beepTimes(meters, files.audio),
  ]);
  return beeps.flatMap((beep) => {
    const offsets = flashes.map((flash) => (beep - flash) * 1000);
    const nearest = offsets.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0];
    return nearest === undefined || Math.abs(nearest) > FLASH_S * 7_000 ? [] : [nearest];
  });
}
