import { Client } from 'minio';
import { describe, expect, it } from 'vitest';
import { UrlSigner } from './url-signer.ts';

const keys = { accessKey: 'access', secretKey: 'secret', region: 'cn-north-1' };
const signer = new UrlSigner({ ...keys, bucket: 'yike' });
const atMs = Date.UTC(2026, 10, 22, 10, 7, 31);
const base = { key: 'recordings/1/1/video/000001.m4s', atMs, expiresInSeconds: 600, windowSeconds: 1 };

describe('UrlSigner', () => {
  it.each(["a/b c+d&e=f'(g)*!.m4s", '讲座/一课', 'plain'])(
    'signs %s byte for byte as minio does',
    async (key) => {
      const minio = new Client({ endPoint: 'media.example', port: 9000, useSSL: false, ...keys });
      const theirs = await minio.presignedGetObject('yike', key, 600, {}, new Date(atMs));
      expect(signer.signGet({ ...base, key, origin: 'http://media.example:9000' })).toBe(theirs);
    },
  );

  it('leaves out the default port of the scheme, as browsers do', () => {
    expect(signer.signGet({ ...base, origin: 'https://media.example:443/' })).toMatch(
      /^https:\/\/media\.example\/yike\//,
    );
  });

  it('gives one URL within a window, valid long enough at its end', () => {
    const at = (offsetSeconds: number) =>
      signer.signGet({
        ...base,
        origin: 'http://h',
        windowSeconds: 300,
        atMs: Date.UTC(2026, 10, 22, 10, 5) + offsetSeconds * 1000,
      });
    expect(at(299.999)).toBe(at(0));
    expect(at(300)).not.toBe(at(0));
    const { searchParams } = new URL(at(299));
    expect(searchParams.get('X-Amz-Date')).toBe('20261122T100500Z');
    expect(searchParams.get('X-Amz-Expires')).toBe('900');
  });

  it('signs across midnight with the key of each day', () => {
    const midnight = Date.UTC(2026, 10, 23);
    const at = (ms: number) => signer.signGet({ ...base, origin: 'http://h', atMs: ms });
    const before = at(midnight - 1000);
    expect(at(midnight)).toContain('20261123');
    expect(at(midnight - 1000)).toBe(before);
  });

  it.each([
    { name: 'no time at all', change: { expiresInSeconds: 0 }, error: RangeError },
    {
      name: 'over seven days with its window',
      change: { expiresInSeconds: 604_800, windowSeconds: 60 },
      error: RangeError,
    },
    { name: 'not a number', change: { expiresInSeconds: NaN }, error: RangeError },
    { name: 'an origin with a path', change: { origin: 'https://h/storage' }, error: TypeError },
  ])('refuses $name', ({ change, error }) => {
    expect(() => signer.signGet({ ...base, origin: 'http://h', ...change })).toThrow(error);
  });
});
