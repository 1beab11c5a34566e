import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Pages are made anew each time: quick, and still a quarter of the size. */
const QUALITY = 5;

/** A page as its reader takes it: on a thin line each kilobyte is an eighth of a second. Anything else passes as it is. */
export async function compressPage(response: Response, accepted: string | null): Promise<Response> {
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (!isPage || response.body === null) return response;
  const headers = new Headers(response.headers);
  headers.append('vary', 'accept-encoding');
  const encoding = encodingOf(accepted);
  if (encoding === null) return new Response(response.body, { status: response.status, headers });
  headers.set('content-encoding', encoding);
  headers.delete('content-length');
  const page = Buffer.from(await response.arrayBuffer());
  const body = encoding === 'br' ? await brotli(page) : await promisify(gzip)(page, { level: QUALITY });
  return new Response(new Uint8Array(body), { status: response.status, headers });
}

/** The best of those that the reader takes. @param accepted the header's value */
export function encodingOf(accepted: string | null): 'br' | 'gzip' | null {
  const names = new Set(
    (accepted ?? '')
      .toLowerCase()
      .split(',')
      .map((each) => each.split(';').map((part) => part.trim()))
      .filter(([, weight]) => weight === undefined || Number(weight.replace('q=', '')) > 0)
      .map(([name]) => name),
  );
  if (names.has('br')) return 'br';
  return names.has('gzip') ? 'gzip' : null;
}

const brotli = (page: Buffer): Promise<Buffer> =>
  promisify(brotliCompress)(page, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  });
