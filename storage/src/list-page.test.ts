import { describe, expect, it } from 'vitest';
import { Unavailable } from './errors.ts';
import { readListPage } from './list-page.ts';

const contents = (key: string) =>
  `<Contents><Key>${key}</Key><LastModified>2026-11-22T01:02:03.004Z</LastModified>` +
  `<ETag>&quot;abc&quot;</ETag><Size>7</Size></Contents>`;
const document = (inner: string) => `<?xml version="1.0"?><ListBucketResult>${inner}</ListBucketResult>`;

describe('readListPage', () => {
  it.each([
    ['000123', '000123'],
    ['1e5', '1e5'],
    ['a+b%2Bc%20d', 'a b+c d'],
    ['%E8%AE%B2/x', '讲/x'],
  ])('reads the key %s as %s', (encoded, key) => {
    const { objects } = readListPage(document(contents(encoded)));
    const lastModified = new Date('2026-11-22T01:02:03.004Z');
    expect(objects).toEqual([{ key, etag: 'abc', bytes: 7, lastModified }]);
  });

  it('reads none, one and many', () => {
    expect(readListPage(document('<Name>b</Name>')).objects).toHaveLength(0);
    expect(readListPage(document(contents('a'))).objects).toHaveLength(1);
    expect(readListPage(document(contents('a') + contents('b'))).objects).toHaveLength(2);
  });

  it('goes on only where the page says so', () => {
    const token = '<NextContinuationToken>t</NextContinuationToken>';
    expect(readListPage(document(`<IsTruncated>true</IsTruncated>${token}`)).nextToken).toBe('t');
    expect(readListPage(document(`<IsTruncated>false</IsTruncated>${token}`)).nextToken).toBeUndefined();
  });

  it.each(['', '<Error><Code>InternalError</Code></Error>', 'hello'])('refuses %j', (other) => {
    expect(() => readListPage(other)).toThrow(Unavailable);
  });
});
