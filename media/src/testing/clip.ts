import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProgram } from './programs.ts';

export type ClipVideo = 'h264' | 'vp8';

/** A flash and a beep begin together every so many seconds, and last so long. */
export const FLASH_EVERY_S = 2;
/** The first one; never in a key frame, which a recorder may repeat. */
export const FIRST_FLASH_S = 0.5;
export const FLASH_S = 0.1;
/** Where the flash is seen in the picture of 1280 x 720. */
export const FLASH_BOX = { x: 40, y: 480, width: 240, height: 200 };

const CLIP_S = 60;
const { x, y, width, height } = FLASH_BOX;
const BOX = `drawbox=x=${x}:y=${y}:w=${width}:h=${height}:t=fill`;
const IS_FLASH = `lt(mod(t+${FLASH_EVERY_S - FIRST_FLASH_S}\\,${FLASH_EVERY_S})\\,${FLASH_S})`;
const PICTURE = `testsrc2=size=1280x720:rate=30,${BOX}:color=black,${BOX}:color=white:enable='${IS_FLASH}'`;
const BEEP = '0.5*sin(2*PI*1000*t)';
const HUM = '0.005*sin(2*PI*200*t)';
const SOUND = `aevalsrc=if(${IS_FLASH}\\,${BEEP}\\,${HUM}):s=48000:c=stereo`;

const H264 = [
  [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-profile:v',
    'baseline',
    '-level',
    '3.1',
  ],
  ['-g', '30', '-b:v', '1500k', '-pix_fmt', 'yuv420p'],
].flat();
/** A quarter of the size: encoding VP8 is slow, and the recorder must bring any size to its own. */
const VP8 = [
  ['-vf', 'scale=640:360', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '16'],
  ['-g', '30', '-b:v', '500k'],
].flat();
const VP8_CLIP_S = 12;

/**
 * Moving picture with a key frame each second (H.264: 1280 x 720 at 30 Hz, a minute), and sound in Opus. Made once a machine and
 * kept.
 * @returns its path
 */
export async function clipFile(ffmpegPath: string, video: ClipVideo): Promise<string> {
  const folder = path.join(tmpdir(), `yike-clips-${process.getuid?.() ?? 0}`);
  const file = path.join(folder, `half-${video}.mkv`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const makeIt =
    video === 'h264'
      ? ['-f', 'lavfi', '-i', PICTURE, '-f', 'lavfi', '-i', SOUND, '-t', `${CLIP_S}`, ...H264]
      : ['-i', await clipFile(ffmpegPath, 'h264'), '-t', `${VP8_CLIP_S}`, ...VP8];
  const audio = ['-c:a', 'libopus', '-b:a', '64k', '-f', 'matroska', unfinished];
  await runProgram(ffmpegPath, ['-v', 'error', '-y', '-nostdin', ...makeIt, ...audio]);
  renameSync(unfinished, file);
  return file;
}
