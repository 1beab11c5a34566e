import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, startChecksum } from './checksums.ts';
import { evaluateRead } from './conditions.ts';
import { folderPath, objectPath, OBJECT_SUFFIX, unescapePart } from './file-names.ts';
import { KeyedMutex } from './keyed-mutex.ts';
import { decodeToken, encodeToken, listPage } from './listing.ts';
import { toS3Error } from './s3-error.ts';
import { parseCopySource, parseTarget } from './target.ts';
import { element, parseDocument } from './xml.ts';

const anyKey = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });

describe('objectPath', () => {
  it.each([
    ['recordings/1/video/000001.m4s', ['recordings', '1', 'video', '000001.m4s@object']],
    ['../etc/passwd', ['%2e.', 'etc', 'passwd@object']],
    ['A/a', ['%41', 'a@object']],
    ['a//b/', ['a', '%', 'b', '%@object']],
    ['讲', ['%e8%ae%b2@object']],
    ['a@object', ['a%40object@object']],
  ])('%s', (key, names) => expect(objectPath(key)).toEqual(names));

  it('never leaves its folder, is short enough, and differs for different keys even where case is ignored', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (one, other) => {
        const names = objectPath(one);
        for (const name of names) {
          expect(name).toMatch(/^[a-z0-9_%+@-][a-z0-9._%+@-]*$/);
          expect(name.length).toBeLessThanOrEqual(250);
        }
        const isSamePath = names.join('/').toLowerCase() === objectPath(other).join('/').toLowerCase();
        expect(isSamePath).toBe(one === other);
      }),
    );
  });

  it('is undone by joining continued names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (part) => {
        fc.pre(!part.includes('/'));
        const names = objectPath(part).map((name) => name.replace(/\+$/, ''));
        expect(unescapePart(names.join('').slice(0, -OBJECT_SUFFIX.length))).toBe(part);
        expect(folderPath(`${part}/`).at(-1)).toBe(names.at(-1)?.slice(0, -OBJECT_SUFFIX.length));
      }),
    );
  });
});

describe('parseTarget', () => {
  it.each([
    { raw: '/', bucket: undefined, key: undefined, query: [] },
    { raw: '/yike', bucket: 'yike', key: undefined, query: [] },
    { raw: '/yike/', bucket: 'yike', key: undefined, query: [] },
    { raw: '/yike/a%2Fb/../c//', bucket: 'yike', key: 'a/b/../c//', query: [] },
    { raw: '/yike/a+b', bucket: 'yike', key: 'a+b', query: [] },
    {
      raw: '/yike?uploads&prefix=a%2Bb+c',
      bucket: 'yike',
      key: undefined,
      query: [
        ['uploads', ''],
        ['prefix', 'a+b c'],
      ],
    },
  ])('$raw', ({ raw, ...expected }) => expect(parseTarget(raw)).toMatchObject(expected));

  it.each([
    ['http://evil/yike', 'InvalidURI'],
    ['*', 'InvalidURI'],
    ['/yike/%ff', 'InvalidURI'],
    ['/yike/%', 'InvalidURI'],
    ['/yike/a%00', 'InvalidObjectName'],
    ['/UPPER', 'InvalidBucketName'],
    ['/..', 'InvalidBucketName'],
    ['/a..b/x', 'InvalidBucketName'],
    ['/%2e%2e/x', 'InvalidBucketName'],
    ['/yike%2Fx', 'InvalidBucketName'],
    ['//x', 'InvalidBucketName'],
  ])('refuses %s: %s', (raw, code) => {
    expect(() => parseTarget(raw)).toThrow(expect.objectContaining({ code }));
  });

  it('reads copy sources with and without a leading slash', () => {
    const source = { bucket: 'yike', key: 'a b' };
    expect(parseCopySource('/yike/a%20b')).toEqual(source);
    expect(parseCopySource('yike/a%20b')).toEqual(source);
    expect(() => parseCopySource('yike')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
    expect(() => parseCopySource('yike/a?versionId=1')).toThrow(
      expect.objectContaining({ code: 'NotImplemented' }),
    );
  });
});

describe('evaluateRead', () => {
  const stored = { etag: 'abc', lastModifiedMs: Date.UTC(2026, 0, 1, 12, 0, 0, 700) };
  const sameSecond = 'Thu, 01 Jan 2026 12:00:00 GMT';
  const before = 'Thu, 01 Jan 2026 11:59:59 GMT';
  it.each([
    { conditions: {}, outcome: 'proceed' },
    { conditions: { ifMatch: '"abc"' }, outcome: 'proceed' },
    { conditions: { ifMatch: '"x", "abc"' }, outcome: 'proceed' },
    { conditions: { ifMatch: '*' }, outcome: 'proceed' },
    { conditions: { ifMatch: '"x"' }, outcome: 'failed' },
    { conditions: { ifNoneMatch: 'W/"abc"' }, outcome: 'not-modified' },
    { conditions: { ifNoneMatch: '"x"' }, outcome: 'proceed' },
    { conditions: { ifModifiedSince: sameSecond }, outcome: 'not-modified' },
    { conditions: { ifModifiedSince: before }, outcome: 'proceed' },
    { conditions: { ifModifiedSince: 'never' }, outcome: 'proceed' },
    { conditions: { ifUnmodifiedSince: sameSecond }, outcome: 'proceed' },
    { conditions: { ifUnmodifiedSince: before }, outcome: 'failed' },
    { conditions: { ifMatch: '"abc"', ifUnmodifiedSince: before }, outcome: 'proceed' },
    { conditions: { ifNoneMatch: '"x"', ifModifiedSince: sameSecond }, outcome: 'proceed' },
  ])('$conditions: $outcome', ({ conditions, outcome }) =>
    expect(evaluateRead(conditions, stored)).toBe(outcome),
  );
});

describe('listPage', () => {
  const keysIn = (keys: readonly string[]) =>
    async function* (prefix: string, cursor?: { key: string; skipsPrefix: boolean }) {
      for (const key of keys) {
        if (
          !key.startsWith(prefix) ||
          (cursor && (key <= cursor.key || (cursor.skipsPrefix && key.startsWith(cursor.key))))
        ) {
          continue;
        }
        yield await Promise.resolve(key);
      }
    };

  it('gives every key and group exactly once, whatever the size of a page', async () => {
    const word = fc.stringMatching(/^[ab/]{1,5}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word),
        fc.constantFrom('', '/'),
        fc.integer({ min: 1, max: 4 }),
        async (words, delimiter, maxKeys) => {
          const walk = keysIn([...words].sort());
          const whole = await listPage(walk, { prefix: 'a', delimiter, maxKeys: 1000 });
          const found: string[] = [];
          let cursor: Parameters<typeof encodeToken>[0] | undefined;
          do {
            const page = await listPage(walk, { prefix: 'a', delimiter, maxKeys, cursor });
            expect(page.keys.length + page.commonPrefixes.length).toBeLessThanOrEqual(maxKeys);
            found.push(...page.keys, ...page.commonPrefixes);
            cursor = page.next && decodeToken(encodeToken(page.next));
          } while (cursor);
          expect(found.sort()).toEqual([...whole.keys, ...whole.commonPrefixes].sort());
          expect(new Set(found).size).toBe(found.length);
        },
      ),
    );
  });

  it('gives an empty last page for max-keys 0', async () => {
    expect(await listPage(keysIn(['a']), { prefix: '', delimiter: '', maxKeys: 0 })).toMatchObject({
      keys: [],
      next: undefined,
    });
  });
});

describe('checksums', () => {
  it('are those of the standards', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283); // RFC 3720
    expect(crc32c(Buffer.from('6789'), crc32c(Buffer.from('12345')))).toBe(0xe3069283);
    const crc32 = startChecksum('crc32');
    crc32.update(Buffer.from('123456789'));
    expect(Buffer.from(crc32.digest(), 'base64').toString('hex')).toBe('cbf43926');
  });
});

describe('XML', () => {
  it('brings any text there and back that XML can hold', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, (key) => {
        const document = element('Delete', element('Object', element('Key', key))).text;
        expect(parseDocument(document, 'Delete')).toEqual({ Object: [{ Key: key }] });
      }),
    );
  });

  it.each(['', '<Delete>', '<Delete><Object>', '<Other></Other>', 'no xml'])('refuses %j', (document) => {
    expect(() => parseDocument(document, 'Delete')).toThrow(
      expect.objectContaining({ code: 'MalformedXML' }),
    );
  });
});

describe('KeyedMutex', () => {
  it('keeps order for one key, goes on after a failure, and forgets', async () => {
    const mutex = new KeyedMutex();
    const log: string[] = [];
    const slow = mutex.run('a', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push('slow');
      throw new Error('failed');
    });
    const next = mutex.run('a', () => Promise.resolve(log.push('next')));
    await mutex.run('b', () => Promise.resolve(log.push('other key')));
    await expect(slow).rejects.toThrow('failed');
    await next;
    expect(log).toEqual(['other key', 'slow', 'next']);
  });
});

describe('toS3Error', () => {
  it.each([
    ['ENOSPC', 507, 'XMinioStorageFull'],
    ['EDQUOT', 507, 'XMinioStorageFull'],
    ['ECONNRESET', 400, 'IncompleteBody'],
    ['EIO', 500, 'InternalError'],
  ])('%s is %i %s', (systemCode, status, code) => {
    expect(toS3Error(Object.assign(new Error(), { code: systemCode }))).toMatchObject({ status, code });
  });
});
