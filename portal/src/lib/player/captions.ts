/** Something said between two moments of the timeline, in milliseconds. */
export interface Cue {
  readonly fromMs: number;
  readonly toMs: number;
  /** Plain text; lines are parted by a line feed. */
  readonly text: string;
}

const TIMES = /^((?:\d{2,}:)?\d{2}:\d{2}\.\d{3})[ \t]+-->[ \t]+((?:\d{2,}:)?\d{2}:\d{2}\.\d{3})/;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': '\u00a0',
};

/**
 * The cues of a WebVTT file, in order. Settings, styles and tags are left aside: where and how words stand is the page's
 * matter. Blocks without times (the head, notes, styles) are none, and neither are those with wrong ones.
 */
export function readCues(vtt: string): Cue[] {
  const blocks = vtt.replaceAll(/\r\n?/g, '\n').split(/\n{2,}/);
  return blocks.flatMap((block) => cueOf(block.split('\n'))).sort((a, b) => a.fromMs - b.fromMs);
}

/** Captions lie beside the session's playlist. */
export const captionsAddress = (playlistUrl: string, language: string): string =>
  playlistUrl.replace(/[^/]*$/, `c/${language}.vtt`);

/** All that is said at a moment, one cue a line. */
export function textAt(cues: readonly Cue[], atMs: number): string {
  const said = cues.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
  return said.map(({ text }) => text).join('\n');
}

function cueOf(lines: readonly string[]): Cue[] {
  const at = lines.findIndex((line) => TIMES.test(line));
  const [, from = '', to = ''] = TIMES.exec(lines[at] ?? '') ?? [];
  const text = lines
    .slice(at + 1)
    .map(plain)
    .join('\n')
    .trim();
  const [fromMs, toMs] = [msOf(from), msOf(to)];
  return at < 0 || text === '' || fromMs >= toMs ? [] : [{ fromMs, toMs, text }];
}

const plain = (line: string): string =>
  line.replaceAll(/<[^>]*>/g, '').replaceAll(/&(?:amp|lt|gt|nbsp);/g, (entity) => ENTITIES[entity] ?? '');

const msOf = (clock: string): number =>
  Math.round(clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000);
