import { create } from 'qrcode';

/** Dark runs of a QR code, in modules from its upper left corner, and how many modules it has a side. */
export interface QrFigure {
  readonly side: number;
  readonly runs: readonly { readonly row: number; readonly column: number; readonly length: number }[];
}

/** Draws a text as a QR code of level L: paper does not get dirty where a screen would not. */
export function qrFigure(text: string): QrFigure {
  const { modules } = create(text, { errorCorrectionLevel: 'L' });
  const runs: { row: number; column: number; length: number }[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column) === 0) continue;
      const last = runs.at(-1);
      if (last?.row === row && last.column + last.length === column) last.length += 1;
      else runs.push({ row, column, length: 1 });
    }
  }
  return { side: modules.size, runs };
}
