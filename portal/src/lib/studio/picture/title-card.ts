import { PICTURE } from './layout.ts';

/** What is shown while there is neither camera nor slides: a calm picture with the title. */
export interface TitleCard {
  readonly title: string;
  /** Who speaks. */
  readonly by: string;
}
type Surface = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const INK = '#f5f2ea';
const SOFT = '#b9b3a5';
const ACCENT = '#c03a2b';
const FAMILY = '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif';
const TITLE_PX = 64;
const BY_PX = 36;
const LINE_PX = 88;
const MOST_WIDTH = 1040;
const MOST_LINES = 3;

/** Draws the card upon the backdrop. */
export function paintCard(surface: Surface, { title, by }: TitleCard): void {
  surface.textAlign = 'center';
  surface.textBaseline = 'middle';
  surface.font = `600 ${TITLE_PX}px ${FAMILY}`;
  const lines = wrap(title, (line) => surface.measureText(line).width <= MOST_WIDTH);
  const middle = PICTURE.width / 2;
  const top = PICTURE.height / 2 - ((lines.length - 1) * LINE_PX) / 2 - LINE_PX / 2;
  surface.fillStyle = ACCENT;
  surface.fillRect(middle - 36, top - LINE_PX, 72, 6);
  surface.fillStyle = INK;
  lines.forEach((line, index) => surface.fillText(line, middle, top + index * LINE_PX));
  surface.font = `400 ${BY_PX}px ${FAMILY}`;
  surface.fillStyle = SOFT;
  surface.fillText(by, middle, top + lines.length * LINE_PX);
}

/**
 * Breaks a title into lines: between words where there are some, between characters in Chinese. What does not fit in the last
 * line is cut off with an ellipsis.
 */
export function wrap(title: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of title.match(/[!-~]+\s*|\s+|[^\s!-~]/gu) ?? []) {
    if (line === '' || fits(line + piece.trimEnd())) {
      line += piece;
      continue;
    }
    lines.push(line.trim());
    line = piece.trimStart();
  }
  lines.push(line.trim());
  if (lines.length <= MOST_LINES) return lines;
  const [shown, last = ''] = [lines.slice(0, MOST_LINES - 1), lines[MOST_LINES - 1]];
  return [...shown, cut(last, fits)];
}

function cut(line: string, fits: (line: string) => boolean): string {
  const characters = Array.from(line);
  while (characters.length > 0 && !fits(`${characters.join('')}…`)) characters.pop();
  return `${characters.join('')}…`;
}
