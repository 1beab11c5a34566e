import { openSync } from 'fontkit';
import PDFDocument from 'pdfkit';
import { FACES, setInType, type SetText } from './letters.ts';
import { type QrFigure, qrFigure } from './qr.ts';
import type { Sheet } from './sheet.ts';

type Doc = InstanceType<typeof PDFDocument>;

/** A4, lying; all lengths in points (1/72 inch). */
const PAGE = { width: 841.89, height: 595.28 } as const;
const INK = '#1f2328';
const SOFT = '#565b62';
const CINNABAR = '#a8321f';
const GOLD = '#b08d4a';
const GOLD_INK = '#7d6024';
const PAPER = '#fdfbf5';
/** Where words may stand. */
const COLUMN = { left: 120, width: PAGE.width - 240 } as const;
const QR_SIDE = 136;

/**
 * Draws a certificate: A4 lying, Chinese first and English below it, both faces embedded as far as they are used.
 * The same sheet gives the same bytes.
 * @returns a PDF of one page
 */
export async function drawSheet(sheet: Sheet): Promise<Buffer> {
  const doc = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    lang: 'zh-CN',
    displayTitle: true,
    info: {
      Title: `培训证 ${sheet.number}`,
      Author: sheet.issuer,
      CreationDate: sheet.issuedAt,
      ModDate: sheet.issuedAt,
    },
  });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  drawFrame(doc);
  drawWords(doc, sheet);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

function drawFrame(doc: Doc): void {
  doc.rect(0, 0, PAGE.width, PAGE.height).fill(PAPER);
  const inset = (by: number) => doc.rect(by, by, PAGE.width - 2 * by, PAGE.height - 2 * by);
  inset(26).lineWidth(2.4).stroke(CINNABAR);
  inset(33).lineWidth(0.7).stroke(GOLD);
  for (const [x, y, right, down] of [
    [40, 40, 1, 1],
    [PAGE.width - 40, 40, -1, 1],
    [40, PAGE.height - 40, 1, -1],
    [PAGE.width - 40, PAGE.height - 40, -1, -1],
  ] as const) {
    drawCorner(doc, { x, y, right, down });
  }
}

/** A meander (回纹) that winds into the corner. */
function drawCorner(doc: Doc, at: { x: number; y: number; right: 1 | -1; down: 1 | -1 }): void {
  const points = [
    [60, 0],
    [0, 0],
    [0, 60],
    [24, 60],
    [24, 24],
    [60, 24],
    [60, 12],
    [12, 12],
    [12, 48],
  ] as const;
  const [first, ...rest] = points.map(([x, y]): [number, number] => [
    at.x + (x * at.right) / 1.6,
    at.y + (y * at.down) / 1.6,
  ]);
  if (first === undefined) return;
  doc.moveTo(...first);
  for (const point of rest) doc.lineTo(...point);
  doc.lineWidth(1.1).stroke(GOLD);
}

function drawWords(doc: Doc, sheet: Sheet): void {
  const face = openSync(FACES.plain);
  if (!('hasGlyphForCodePoint' in face)) throw new Error('the font file holds one face');
  const inType = (text: string): SetText => setInType(text, (sign) => face.hasGlyphForCodePoint(sign));
  const holder = inType(sheet.holder);

  centred(doc, '培训证', { y: 62, face: 'bold', sizes: [46], colour: CINNABAR, spacing: 18 });
  centred(doc, 'CERTIFICATE OF TRAINING', { y: 126, sizes: [12], colour: GOLD_INK, spacing: 4 });
  centred(doc, '兹证明', { y: 162, sizes: [15], colour: SOFT });
  const belowName = centred(doc, holder.text, {
    ...{ y: 186, face: 'bold', sizes: [32, 26, 22, 18], lines: 2 },
  });
  doc
    .moveTo(PAGE.width / 2 - 130, belowName + 3)
    .lineTo(PAGE.width / 2 + 130, belowName + 3)
    .lineWidth(0.7)
    .stroke(GOLD);
  const belowClause = centred(doc, '已学完下列课程，准予结业，特发此证', {
    ...{ y: belowName + 12, sizes: [15], colour: SOFT },
  });
  const belowTitle = centred(doc, `《${inType(sheet.courseTitle).text}》`, {
    ...{ y: belowClause + 10, face: 'bold', sizes: [24, 20, 17], lines: 2 },
  });
  const belowHours = centred(doc, sheet.hours.zh, { y: belowTitle + 8, sizes: [16] });
  centred(doc, `has completed this course: ${sheet.hours.en}`, {
    ...{ y: belowHours + 4, sizes: [11], colour: SOFT },
  });

  drawCheck(doc, sheet, holder.missing);
  drawIssuer(doc, sheet, inType(sheet.issuer).text);
}

/** Below at the left: the QR code, the number, and what rare signs were left for the pen. */
function drawCheck(doc: Doc, sheet: Sheet, missing: readonly string[]): void {
  const top = PAGE.height - 74 - QR_SIDE;
  drawQr(doc, qrFigure(sheet.checkUrl), { x: 78, y: top, side: QR_SIDE });
  const x = 78 + QR_SIDE + 16;
  const line = (text: string, y: number, size: number, colour: string): void => {
    doc.font(FACES.plain).fontSize(size).fillColor(colour).text(text, x, y, { width: 250 });
  };
  line('编号 No.', top + 36, 10, SOFT);
  doc
    .font(FACES.bold)
    .fontSize(13)
    .fillColor(INK)
    .text(sheet.number, x, top + 51, { lineBreak: false });
  line('扫码查验真伪，不用登录', top + 82, 10.5, SOFT);
  line('Scan to check that it is genuine', top + 98, 10, SOFT);
  if (missing.length > 0) line(`〓 = ${missing.join(' ')}`, top + 116, 9, SOFT);
}

function drawQr(doc: Doc, { side, runs }: QrFigure, at: { x: number; y: number; side: number }): void {
  const module = at.side / side;
  doc.rect(at.x - 6, at.y - 6, at.side + 12, at.side + 12).fill('#ffffff');
  for (const { row, column, length } of runs) {
    doc.rect(at.x + column * module, at.y + row * module, length * module, module);
  }
  doc.fill('#000000');
}

/** Below at the right: who issued it, and on which day. */
function drawIssuer(doc: Doc, sheet: Sheet, issuer: string): void {
  const right = { x: PAGE.width - 78 - 270, width: 270 } as const;
  const words = (text: string, y: number, options: Partial<Centred>): number =>
    fit(doc, text, { ...PLAIN, ...options, y, ...right, align: 'right' });
  words('发证单位', PAGE.height - 164, { sizes: [10], colour: SOFT });
  words(issuer, PAGE.height - 148, { face: 'bold', sizes: [17, 14, 11], lines: 2 });
  words(sheet.issuedOn.zh, PAGE.height - 104, { sizes: [14] });
  words(sheet.issuedOn.en, PAGE.height - 84, { sizes: [10], colour: SOFT });
}

interface Centred {
  readonly y: number;
  readonly face: keyof typeof FACES;
  /** Tried in order: the first in which the text keeps to its lines. */
  readonly sizes: readonly number[];
  readonly lines: number;
  readonly colour: string;
  readonly spacing: number;
}
const PLAIN = { face: 'plain', lines: 1, colour: INK, spacing: 0 } as const;

/** @returns the y below the text */
function centred(doc: Doc, text: string, options: Partial<Centred> & Pick<Centred, 'y' | 'sizes'>): number {
  return fit(doc, text, { ...PLAIN, ...options, x: COLUMN.left, width: COLUMN.width, align: 'center' });
}

type Fitted = Partial<Centred> &
  Omit<Centred, 'sizes'> & { x: number; width: number; align: 'center' | 'right' };

function fit(doc: Doc, text: string, wanted: Fitted): number {
  const { sizes = [11], lines, face, width, align, spacing } = wanted;
  // Spacing follows the last sign too: without this a spaced title would stand left of the middle.
  const layout = { width: width + spacing, align, characterSpacing: spacing, lineGap: 2 };
  doc.font(FACES[face]).fillColor(wanted.colour);
  const heightAt = (size: number): number => doc.fontSize(size).heightOfString(text, layout);
  const roomAt = (size: number): number => lines * (doc.fontSize(size).currentLineHeight(true) + 2) + 1;
  const size = sizes.find((each) => heightAt(each) <= roomAt(each)) ?? sizes.at(-1) ?? 11;
  const height = Math.min(heightAt(size), roomAt(size));
  doc.fontSize(size).text(text, wanted.x, wanted.y, { ...layout, height, ellipsis: true });
  return wanted.y + height;
}
