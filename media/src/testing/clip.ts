import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProgram } from './programs.ts';

/** `h264-resized`: no studio of ours sends it; the picture's size changes every 3 s. */
export type ClipVideo = 'h264' | 'h264-resized' | 'vp8';

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
/** Each picture's size stands in the stream itself, at its key frames: as elementary streams, one after the other. */
const SIZES = ['1280x720', '640x360'] as const;
const SIZE_LASTS_S = 3;

/**
 * Moving picture with a key frame each second (H.264: 1280 x 720 at 30 Hz, a minute), and sound in Opus. Made once a machine and
 * kept.
 * @returns its path
 */
export async function clipFile(ffmpegPath: string, video: ClipVideo): Promise<string> {
  const folder = path.join(tmpdir(), `yike-clips-${process.getuid?.() ?? 0}`);
  const file = path.join(folder, `half-${video}.${video === 'h264-resized' ? 'ts' : 'mkv'}`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  if (video === 'h264-resized') await makeResized(ffmpegPath, unfinished);
  else await makeClip(ffmpegPath, video, unfinished);
  renameSync(unfinished, file);
  return file;
}

async function makeClip(ffmpegPath: string, video: 'h264' | 'vp8', file: string): Promise<void> {
  const makeIt =
    video === 'h264'
      ? ['-f', 'lavfi', '-i', PICTURE, '-f', 'lavfi', '-i', SOUND, '-t', `${CLIP_S}`, ...H264]
      : ['-i', await clipFile(ffmpegPath, 'h264'), '-t', `${VP8_CLIP_S}`, ...VP8];
  const audio = ['-c:a', 'libopus', '-b:a', '64k', '-f', 'matroska', file];
  await runProgram(ffmpegPath, ['-v', 'error', '-y', '-nostdin', ...makeIt, ...audio]);
}

async function makeResized(ffmpegPath: string, file: string): Promise<void> {
  const pictures = [];
  for (const size of SIZES) {
    const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=30`, '-t', `${SIZE_LASTS_S}`];
    const { stdout } = await runProgram(ffmpegPath, ['-v', 'error', ...picture, ...H264, '-f', 'h264', '-']);
    pictures.push(stdout);
  }
  const raw = `${file}.h264`;
  writeFileSync(raw, Buffer.concat(pictures));
  const tone = [
    '-f',
    'lavfi',
    '-t',
    `${SIZES.length * SIZE_LASTS_S}`,
    '-i',
    'sine=frequency=440:sample_rate=48000',
  ];
  const streams = ['-f', 'h264', '-framerate', '30', '-i', raw, ...tone, '-c:v', 'copy', '-c:a', 'libopus'];
  await runProgram(ffmpegPath, ['-v', 'error', '-y', '-nostdin', ...streams, '-f', 'mpegts', file]);
  rmSync(raw);
}
