import jsQrModule from 'jsqr';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A PDF of one page as a reader sees it. */
export interface PdfPage {
  readonly pages: number;
  /** Lines of text in the order in which they stand in the file. */
  readonly lines: string[];
  readonly fonts: { readonly name: string; readonly isEmbedded: boolean }[];
  readonly title: string;
  /** What the QR code on it says; null where none is found. */
  readonly qr: string | null;
}

/** Pixels a point: a QR code's modules must be some pixels large. */
const SCALE = 4;
/** jsqr is CommonJS with a default of its own. */
const jsQr = jsQrModule as unknown as typeof jsQrModule.default;

/** What pdf.js says of a font that it has loaded. */
interface LoadedFont {
  readonly name: string;
  readonly missingFile?: boolean;
}

/** pdf.js draws on this in Node. */
interface CanvasFactory {
  create(width: number, height: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D };
}

/** Parses and draws the first page. */
export async function readPdf(bytes: Uint8Array): Promise<PdfPage> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0, fontExtraProperties: true });
  const file = await task.promise;
  const page = await file.getPage(1);
  const viewport = page.getViewport({ scale: SCALE });
  const { canvas, context } = (file.canvasFactory as CanvasFactory).create(viewport.width, viewport.height);
  await page.render({ canvas, canvasContext: context, viewport }).promise;
  const { items } = await page.getTextContent();
  const words = items.flatMap((item) => ('str' in item && item.str.trim() !== '' ? [item] : []));
  const { info } = (await file.getMetadata()) as { info: { Title?: string } };
  const fonts = [...new Set(words.map(({ fontName }) => fontName))].map((id) => {
    const { name, missingFile } = page.commonObjs.get(id) as LoadedFont;
    return { name, isEmbedded: missingFile !== true };
  });
  const picture = context.getImageData(0, 0, canvas.width, canvas.height);
  const seen = {
    pages: file.numPages,
    lines: words.map(({ str }) => str),
    fonts,
    title: info.Title ?? '',
    qr: jsQr(picture.data, canvas.width, canvas.height)?.data ?? null,
  };
  await task.destroy();
  return seen;
}
