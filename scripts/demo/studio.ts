import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from '../host/failure.ts';
import { run } from '../host/run.ts';
import { type Film, LOOP_SECONDS, secondsOf, type Slide } from './film.ts';
import { HELD, motifFilters, PICTURE } from './motifs.ts';
import { musicInput } from './music.ts';

const FONTS = {
  'plain.ttf': import.meta.resolve('@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf'),
  'bold.ttf': import.meta.resolve('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'),
} as const;
const KEY_FRAME_SECONDS = 2;
const INK = '0x1f2328';

/** The tracks of a film, each a fragmented MP4 of its own as the recorder makes them, and a poster. */
export interface Footage {
  video: string;
  audio: string;
  poster: string;
}

/**
 * Makes pictures and music with ffmpeg. Each slide is encoded for one loop and repeated by copying, so that five minutes cost
 * no more than their slides.
 * @param slides those of the film's that this run shows, at least one
 * @param folder an empty folder to work in; filters are given names relative to it, because paths would need quoting
 */
export async function shoot(
  film: Film,
  slides: readonly Slide[],
  folder: string,
  ffmpegPath: string,
): Promise<Footage> {
  const ffmpeg = (args: string[]): Promise<void> => runFfmpeg(ffmpegPath, folder, args);
  for (const [name, font] of Object.entries(FONTS))
    copyFileSync(fileURLToPath(font), path.join(folder, name));
  const shown = slides.map((slide) => ({ slide, index: film.slides.indexOf(slide) }));
  for (const { slide, index } of shown) {
    writeTexts(folder, index, slide);
    await ffmpeg([...picture(index, slide, film), ...PICTURE_CODEC, `slide-${index}.mp4`]);
  }
  const repeated = shown.flatMap(({ slide, index }) =>
    Array.from({ length: slide.seconds / LOOP_SECONDS }, () => `file slide-${index}.mp4`),
  );
  writeFileSync(path.join(folder, 'slides.txt'), repeated.join('\n'));
  await ffmpeg(['-f', 'concat', '-i', 'slides.txt', '-map', '0:v', '-c', 'copy', ...FRAGMENTED, 'video.mp4']);
  await ffmpeg(['-i', 'video.mp4', '-frames:v', '1', '-q:v', '4', 'poster.jpg']);
  const length = ['-t', String(secondsOf(slides))];
  await ffmpeg([...musicInput(film), ...SOUND_CODEC, ...length, ...FRAGMENTED, 'audio.mp4']);
  return {
    video: path.join(folder, 'video.mp4'),
    audio: path.join(folder, 'audio.mp4'),
    poster: path.join(folder, 'poster.jpg'),
  };
}

const KEY_FRAMES = String(PICTURE.framesPerSecond * KEY_FRAME_SECONDS);
const PICTURE_CODEC = [
  ['-t', String(LOOP_SECONDS), '-r', String(PICTURE.framesPerSecond)],
  ['-c:v', 'libx264', '-preset', 'superfast', '-profile:v', 'baseline', '-level', '3.1'],
  ['-pix_fmt', 'yuv420p', '-crf', '27'],
  ['-g', KEY_FRAMES, '-keyint_min', KEY_FRAMES, '-sc_threshold', '0'],
].flat();
const SOUND_CODEC = ['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '64k', '-ar', '48000', '-ac', '1'];
/** One fragment a second (at most; video: one a key frame), AAC's priming in the edit list: as the recorder's. */
const FRAGMENTED = [
  ['-movflags', '+delay_moov+default_base_moof+frag_keyframe+skip_trailer'],
  ['-frag_duration', '1024000', '-f', 'mp4'],
].flat();

/** The texts go by files: no character in them can mean anything to ffmpeg. */
function writeTexts(folder: string, index: number, { heading, lines }: Slide): void {
  writeFileSync(path.join(folder, `heading-${index}.txt`), heading);
  for (const [line, text] of lines.entries())
    writeFileSync(path.join(folder, `line-${index}-${line}.txt`), text);
  writeFileSync(path.join(folder, 'mark.txt'), '演示 DEMO');
}

/** The page is drawn once and held; only the motif over it moves. */
function picture(index: number, slide: Slide, film: Film): string[] {
  const { ground, accent } = film.colours;
  const { width, height, framesPerSecond } = PICTURE;
  const page = [
    `color=c=${ground}:s=${width}x${height}:r=${framesPerSecond}`,
    'trim=end_frame=1',
    ...pageFilters(index, slide, film),
    'format=yuv420p',
    `${HELD}[page]`,
  ].join(',');
  const graph = [page, ...motifFilters(film.motif, accent)].join(';');
  return ['-filter_complex', graph, '-map', '[out]'];
}

/** A bar at the left, heading and lines, the mark, and dots that say how far it is. The first slide is a title. */
function pageFilters(index: number, { heading, lines }: Slide, { colours, slides }: Film): string[] {
  const isTitle = index === 0;
  const headingSize = Math.min(isTitle ? 88 : 76, Math.floor(1080 / widthOf(heading)));
  const top = isTitle ? 220 : 170;
  return [
    `drawbox=x=0:y=0:w=20:h=ih:color=${colours.accent}:t=fill`,
    text(`heading-${index}.txt`, { font: 'bold', size: headingSize, colour: INK, x: '110', y: top }),
    `drawbox=x=114:y=${top + headingSize + 36}:w=96:h=6:color=${colours.accent}:t=fill`,
    ...lines.map((_, line) => {
      const y = top + headingSize + 84 + 76 * line;
      return text(`line-${index}-${line}.txt`, { font: 'plain', size: 44, colour: INK, x: '112', y });
    }),
    `drawbox=x=iw-270:y=44:w=226:h=62:color=${colours.accent}:t=fill`,
    text('mark.txt', { font: 'plain', size: 34, colour: 'white', x: 'w-157-text_w/2', y: 57 }),
    ...slides.map((_, dot) => {
      const colour = dot === index ? colours.accent : `${INK}@0.2`;
      return `drawbox=x=${112 + 34 * dot}:y=640:w=20:h=20:color=${colour}:t=fill`;
    }),
  ];
}

interface Lettering {
  readonly font: 'plain' | 'bold';
  readonly size: number;
  readonly colour: string;
  readonly x: string;
  readonly y: number;
}
const text = (file: string, { font, size, colour, x, y }: Lettering): string =>
  `drawtext=fontfile=${font}.ttf:textfile=${file}:expansion=none:fontsize=${size}:fontcolor=${colour}:x=${x}:y=${y}`;

/** In Chinese signs: others are about half as wide. */
const widthOf = (line: string): number =>
  Array.from(line).reduce((sum, sign) => sum + (/[\u2e80-\uffef]/u.test(sign) ? 1 : 0.5), 0);

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
