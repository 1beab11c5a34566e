import { describe, expect, it } from 'vitest';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { compressPage, encodingOf } from './compression.ts';

const html = `<!doctype html><p>${'讲座 lecture '.repeat(500)}</p>`;
const page = (type = 'text/html') => new Response(html, { headers: { 'content-type': type, etag: '"1"' } });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('a page', () => {
  it.each([
    { accepted: 'gzip, deflate, br, zstd', expected: 'br' },
    { accepted: 'GZIP', expected: 'gzip' },
    { accepted: 'br;q=0, gzip;q=0.5', expected: 'gzip' },
    { accepted: 'deflate', expected: null },
    { accepted: '', expected: null },
    { accepted: null, expected: null },
  ])('for who accepts "$accepted" comes as $expected', ({ accepted, expected }) => {
    expect(encodingOf(accepted)).toBe(expected);
  });

  it.each([
    { encoding: 'br', open: brotliDecompressSync },
    { encoding: 'gzip', open: gunzipSync },
  ])('comes whole by $encoding, and small', async ({ encoding, open }) => {
    const response = await compressPage(page(), encoding);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ 'content-encoding': encoding, vary: 'accept-encoding', etag: '"1"' },
    });
    const body = await bytesOf(response);
    expect(body.length).toBeLessThan(html.length / 4);
    expect(open(body).toString()).toBe(html);
  });

  it('comes as it is for who takes nothing else', async () => {
    const response = await compressPage(page(), null);
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('vary')).toBe('accept-encoding');
    expect((await bytesOf(response)).toString()).toBe(html);
  });
});

it('what is no page passes untouched', async () => {
  const data = page('application/json');
  expect(await compressPage(data, 'br')).toBe(data);
});
