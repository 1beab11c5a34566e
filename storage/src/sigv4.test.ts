import { describe, expect, it } from 'vitest';
import {
  amzDate,
  canonicalRequest,
  credentialScope,
  EMPTY_SHA256,
  type Pair,
  parseAmzDate,
  sha256Hex,
  sign,
  signingKey,
  stringToSign,
  UNSIGNED_PAYLOAD,
  uriEncode,
} from './sigv4.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const DATE = '20130524T000000Z';
const HOST: Pair = ['Host', 'examplebucket.s3.amazonaws.com'];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and sigv4-query-string-auth.html */
describe("AWS's published examples", () => {
  const empty: Pair[] = [
    ['x-amz-content-sha256', EMPTY_SHA256],
    ['x-amz-date', DATE],
  ];
  it.each([
    {
      name: 'GET object',
      parts: {
        method: 'GET',
        path: '/test.txt',
        query: [],
        headers: [HOST, ['Range', 'bytes=0-9'], ...empty],
        payloadHash: EMPTY_SHA256,
      },
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      name: 'PUT object',
      parts: {
        method: 'PUT',
        path: '/test$file.text',
        query: [],
        headers: [
          HOST,
          ['Date', 'Fri, 24 May 2013 00:00:00 GMT'],
          ['x-amz-content-sha256', sha256Hex('Welcome to Amazon S3.')],
          ['x-amz-date', DATE],
          ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
        ],
        payloadHash: sha256Hex('Welcome to Amazon S3.'),
      },
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
    {
      name: 'GET bucket lifecycle',
      parts: {
        method: 'GET',
        path: '/',
        query: [['lifecycle', '']],
        headers: [HOST, ...empty],
        payloadHash: EMPTY_SHA256,
      },
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
    {
      name: 'list objects',
      parts: {
        method: 'GET',
        path: '/',
        query: [
          ['prefix', 'J'],
          ['max-keys', '2'],
        ],
        headers: [HOST, ...empty],
        payloadHash: EMPTY_SHA256,
      },
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
    {
      name: 'presigned GET',
      parts: {
        method: 'GET',
        path: '/test.txt',
        query: [
          ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
          ['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'],
          ['X-Amz-Date', DATE],
          ['X-Amz-Expires', '86400'],
          ['X-Amz-SignedHeaders', 'host'],
        ],
        headers: [HOST],
        payloadHash: UNSIGNED_PAYLOAD,
      },
      signature: 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    },
  ] satisfies { name: string; parts: Parameters<typeof canonicalRequest>[0]; signature: string }[])(
    '$name',
    ({ parts, signature }) => {
      const text = stringToSign(DATE, credentialScope(DATE, 'us-east-1'), canonicalRequest(parts));
      expect(sign(signingKey(SECRET, DATE, 'us-east-1'), text)).toBe(signature);
    },
  );
});

describe('uriEncode', () => {
  it.each([
    ["a b+c/d~e'(f)*!", 'a%20b%2Bc%2Fd~e%27%28f%29%2A%21'],
    ['讲座', '%E8%AE%B2%E5%BA%A7'],
    ['-._~AZaz09', '-._~AZaz09'],
  ])('%s', (text, encoded) => expect(uriEncode(text)).toBe(encoded));
});

describe('canonicalRequest', () => {
  it('sorts by encoded names, then values, and collapses spaces in headers', () => {
    const request = canonicalRequest({
      method: 'GET',
      path: '/a b/../c//d',
      query: [
        ['prefix-x', ''],
        ['prefix', 'b'],
        ['prefix', 'a'],
        ['é', ''],
      ],
      headers: [
        ['X-Amz-Meta-A', '  two   spaces '],
        ['Host', 'h'],
      ],
      payloadHash: 'hash',
    });
    expect(request.split('\n')).toEqual([
      'GET',
      '/a%20b/../c//d',
      '%C3%A9=&prefix=a&prefix=b&prefix-x=',
      'host:h',
      'x-amz-meta-a:two spaces',
      '',
      'host;x-amz-meta-a',
      'hash',
    ]);
  });
});

describe('dates', () => {
  it('go there and back', () => {
    const atMs = Date.UTC(2026, 10, 22, 1, 2, 3);
    expect(amzDate(atMs)).toBe('20261122T010203Z');
    expect(parseAmzDate('20261122T010203Z')).toBe(atMs);
  });

  it.each(['', '20261122', '20261322T010203Z', '2026-11-22T01:02:03Z', '20261122T010203Z '])(
    'refuse %j',
    (text) => expect(parseAmzDate(text)).toBeUndefined(),
  );
});
