import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from '../host/failure.ts';
import { run } from '../host/run.ts';
import { type DemoCourse, durationSeconds, LOOP_SECONDS, type Slide } from './courses.ts';

const FONT = import.meta.resolve('@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf');
const FRAMES_PER_SECOND = 30;
const KEY_FRAME_SECONDS = 2;
const NOTE_SECONDS = 0.5;
const INK = '0x1f2328';

/** The tracks of a demo course, each a fragmented MP4 of its own as the recorder makes them, and its poster. */
export interface Footage {
  video: string;
  audio: string;
  poster: string;
}

/**
 * Makes pictures and music with ffmpeg. Each slide is encoded for one loop and repeated by copying, so that five minutes cost
 * no more than their slides.
 * @param folder an empty folder to work in; filters are given names relative to it, because paths would need quoting
 */
export async function shoot(course: DemoCourse, folder: string, ffmpegPath: string): Promise<Footage> {
  const ffmpeg = (args: string[]): Promise<void> => runFfmpeg(ffmpegPath, folder, args);
  copyFileSync(fileURLToPath(FONT), path.join(folder, 'font.ttf'));
  for (const [index, slide] of course.slides.entries()) {
    writeTexts(folder, index, slide);
    await ffmpeg([
      ...pictureInputs(course),
      ...pictureFilter(index, slide, course),
      ...PICTURE_CODEC,
      `slide-${index}.mp4`,
    ]);
  }
  const repeated = course.slides.flatMap(({ seconds }, index) =>
    Array.from({ length: seconds / LOOP_SECONDS }, () => `file slide-${index}.mp4`),
  );
  writeFileSync(path.join(folder, 'slides.txt'), repeated.join('\n'));
  await ffmpeg(['-f', 'concat', '-i', 'slides.txt', '-map', '0:v', '-c', 'copy', ...FRAGMENTED, 'video.mp4']);
  await ffmpeg(['-i', 'slide-0.mp4', '-frames:v', '1', '-q:v', '4', 'poster.jpg']);
  await ffmpeg([
    ...musicInput(course),
    ...SOUND_CODEC,
    '-t',
    String(durationSeconds(course)),
    ...FRAGMENTED,
    'audio.mp4',
  ]);
  return {
    video: path.join(folder, 'video.mp4'),
    audio: path.join(folder, 'audio.mp4'),
    poster: path.join(folder, 'poster.jpg'),
  };
}

const PICTURE_CODEC = [
  ['-t', String(LOOP_SECONDS), '-r', String(FRAMES_PER_SECOND)],
  [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-profile:v',
    'baseline',
    '-level',
    '3.1',
    '-pix_fmt',
    'yuv420p',
    '-crf',
    '28',
  ],
  [
    '-g',
    String(FRAMES_PER_SECOND * KEY_FRAME_SECONDS),
    '-keyint_min',
    String(FRAMES_PER_SECOND * KEY_FRAME_SECONDS),
  ],
  ['-sc_threshold', '0'],
].flat();
const SOUND_CODEC = ['-c:a', 'aac', '-b:a', '128k', '-ar', '48000', '-ac', '2'];
/** One fragment a second (at most; video: one a key frame), AAC's priming in the edit list: as the recorder's. */
const FRAGMENTED = [
  ['-movflags', '+delay_moov+default_base_moof+frag_keyframe+skip_trailer'],
  ['-frag_duration', '1024000', '-f', 'mp4'],
].flat();

/** The texts go by files: no character in them can mean anything to ffmpeg. */
function writeTexts(folder: string, index: number, { heading, lines }: Slide): void {
  writeFileSync(path.join(folder, `heading-${index}.txt`), heading);
  writeFileSync(path.join(folder, `number-${index}.txt`), index === 0 ? '课' : String(index));
  for (const [line, text] of lines.entries())
    writeFileSync(path.join(folder, `line-${index}-${line}.txt`), text);
  writeFileSync(path.join(folder, 'mark.txt'), '演示 DEMO');
}

function pictureInputs({ colours }: DemoCourse): string[] {
  const rate = `r=${FRAMES_PER_SECOND}`;
  return [
    ['-f', 'lavfi', '-i', `color=c=${colours.ground}:s=1280x720:${rate}`],
    ['-f', 'lavfi', '-i', `color=c=${colours.accent}:s=160x6:${rate}`],
  ].flat();
}

/** A bar at the left, the slide's number in pale, heading and lines, the mark, and a band that runs through below, once a loop. */
function pictureFilter(index: number, { lines }: Slide, { colours, slides }: DemoCourse): string[] {
  const text = (file: string, size: number, colour: string, x: string, y: number): string =>
    `drawtext=fontfile=font.ttf:textfile=${file}:expansion=none:fontsize=${size}:fontcolor=${colour}:x=${x}:y=${y}`;
  const filters = [
    `drawbox=x=0:y=0:w=20:h=ih:color=${colours.accent}:t=fill`,
    text(`number-${index}.txt`, 420, `${colours.accent}@0.13`, 'w-300-text_w/2', 150),
    text(`heading-${index}.txt`, 72, INK, '110', 190),
    ...lines.map((_, line) => text(`line-${index}-${line}.txt`, 42, INK, '112', 330 + 72 * line)),
    `drawbox=x=iw-270:y=44:w=226:h=62:color=${colours.accent}:t=fill`,
    text('mark.txt', 34, 'white', 'w-157-text_w/2', 57),
    ...slides.map((_, dot) => {
      const colour = dot === index ? colours.accent : `${INK}@0.2`;
      return `drawbox=x=${112 + 34 * dot}:y=640:w=20:h=20:color=${colour}:t=fill`;
    }),
  ];
  const band = `overlay=x='-160+1440*mod(t,${LOOP_SECONDS})/${LOOP_SECONDS}':y=708`;
  return ['-filter_complex', `[0:v]${filters.join(',')}[page];[page][1:v]${band}[out]`, '-map', '[out]'];
}

/** A phrase of plucked notes over a drone, repeated: calm, and never silent. */
function musicInput({ scale }: DemoCourse): string[] {
  const phrase = [0, 2, 3, 4, 3, 2, 1, 2, 0, 3, 5, 4, 3, 1, 2, 0];
  const notes = phrase.map((step) => {
    const pitch = scale[step] ?? 440;
    const pluck = `afade=t=in:d=0.01,afade=t=out:st=0.02:d=${NOTE_SECONDS - 0.02}:curve=exp`;
    return `sine=frequency=${pitch}:duration=${NOTE_SECONDS}:sample_rate=48000,${pluck}`;
  });
  const names = notes.map((_, index) => `[n${index}]`);
  const seconds = phrase.length * NOTE_SECONDS;
  const graph = [
    ...notes.map((note, index) => `${note}${names[index] ?? ''}`),
    `${names.join('')}concat=n=${notes.length}:v=0:a=1,aecho=0.8:0.6:180:0.3[melody]`,
    `sine=frequency=${(scale[0] ?? 220) / 2}:duration=${seconds}:sample_rate=48000,volume=0.25[drone]`,
    `[melody][drone]amix=inputs=2:duration=first:normalize=0,volume=4,aloop=loop=-1:size=${seconds * 48_000}[out0]`,
  ];
  return ['-f', 'lavfi', '-i', graph.join(';')];
}

async function runFfmpeg(ffmpegPath: string, cwd: string, args: string[]): Promise<void> {
  const { code, output } = await run(
    ffmpegPath,
    ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...args],
    { cwd },
  );
  if (code === 0) return;
  if (output.includes('No space left'))
    throw new SetupFailure('The disk is full: free some space and start again.');
  throw new SetupFailure(
    `ffmpeg could not make the demo's media (${output.trim().split('\n').at(-1) ?? ''}).`,
  );
}
