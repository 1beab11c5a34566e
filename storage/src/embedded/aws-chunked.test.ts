import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialScope, signingKey } from '../sigv4.ts';
import { AwsChunkedDecoder, type ChunkedFormat } from './aws-chunked.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html: 66,560 times "a", in chunks of 64 KiB */
const DATE = '20130524T000000Z';
const SIGNED: ChunkedFormat = {
  hasTrailer: false,
  chain: {
    key: signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', DATE, 'us-east-1'),
    date: DATE,
    scope: credentialScope(DATE, 'us-east-1'),
    seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  },
};
const SIGNED_BODY = [
  '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  'a'.repeat(65_536),
  '400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'a'.repeat(1024),
  '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  '',
  '',
].join('\r\n');

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html: the same with a CRC-32C behind it */
const WITH_TRAILER: ChunkedFormat = {
  hasTrailer: true,
  chain: { ...SIGNED.chain!, seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e' },
};
const TRAILER_BODY = [
  '10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
  'a'.repeat(65_536),
  '400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
  'a'.repeat(1024),
  '0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
  'x-amz-checksum-crc32c:sOO8/Q==',
  'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
  '',
  '',
].join('\r\n');

const UNSIGNED: ChunkedFormat = { chain: undefined, hasTrailer: true };

function decode(format: ChunkedFormat, pieces: readonly Buffer[]) {
  const decoder = new AwsChunkedDecoder(format);
  const output = pieces.flatMap((piece) => decoder.push(piece));
  decoder.end();
  return { text: Buffer.concat(output).toString('latin1'), trailers: Object.fromEntries(decoder.trailers) };
}

const decodeText = (format: ChunkedFormat, body: string) => decode(format, [Buffer.from(body, 'latin1')]);

describe('AwsChunkedDecoder', () => {
  it("verifies AWS's example of signed chunks", () => {
    expect(decodeText(SIGNED, SIGNED_BODY)).toEqual({ text: 'a'.repeat(66_560), trailers: {} });
  });

  it("verifies AWS's example of a signed trailer", () => {
    const { text, trailers } = decodeText(WITH_TRAILER, TRAILER_BODY);
    expect(text).toHaveLength(66_560);
    expect(trailers).toEqual({ 'x-amz-checksum-crc32c': 'sOO8/Q==' });
  });

  it('decodes the same however the body is split', () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 6 });
    fc.assert(
      fc.property(chunks, fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1 }), (data, cuts) => {
        const buffers = data.map((bytes) => Buffer.from(bytes));
        const body = Buffer.concat([
          ...buffers.flatMap((bytes) => [
            Buffer.from(`${bytes.length.toString(16)}\r\n`),
            bytes,
            Buffer.from('\r\n'),
          ]),
          Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'),
        ]);
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < body.length; turn++) {
          const length = cuts[turn % cuts.length] ?? 1;
          pieces.push(body.subarray(at, at + length));
          at += length;
        }
        const { text, trailers } = decode(UNSIGNED, pieces);
        expect(text).toBe(Buffer.concat(buffers).toString('latin1'));
        expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
      }),
    );
  });

  it.each([
    { name: 'a changed byte', body: SIGNED_BODY.replace('aaa', 'aba') },
    { name: 'a changed signature', body: SIGNED_BODY.replace('ad80', 'ad81') },
    { name: 'a chunk left out', body: SIGNED_BODY.slice(SIGNED_BODY.indexOf('400;')) },
    { name: 'a changed last chunk', body: SIGNED_BODY.replace('b6c6', 'b6c7') },
  ])('refuses $name', ({ body }) => {
    expect(() => decodeText(SIGNED, body)).toThrow(
      expect.objectContaining({ code: 'SignatureDoesNotMatch' }),
    );
  });

  it('refuses a changed trailer', () => {
    const body = TRAILER_BODY.replace('sOO8', 'sOO9');
    expect(() => decodeText(WITH_TRAILER, body)).toThrow(
      expect.objectContaining({ code: 'SignatureDoesNotMatch' }),
    );
  });

  it.each([
    { name: 'nothing', body: '' },
    { name: 'half a header', body: '5' },
    { name: 'half a chunk', body: '5\r\nab' },
    { name: 'no last chunk', body: '2\r\nab\r\n' },
    { name: 'half a trailer', body: '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n' },
  ])('calls it incomplete: $name', ({ body }) => {
    expect(() => decodeText(UNSIGNED, body)).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
  });

  it.each([
    { name: 'a size that is no number', body: 'xyz\r\n' },
    { name: 'a negative size', body: '-1\r\n' },
    { name: 'a huge size', body: 'ffffffff\r\n' },
    { name: 'a chunk longer than its size', body: '1\r\nab\r\n' },
    { name: 'an endless line', body: 'a'.repeat(5000) },
    { name: 'a trailer without a name', body: '0\r\n:value\r\n\r\n' },
    { name: 'bytes behind the end', body: '0\r\n\r\nmore\r\n' },
  ])('refuses $name', ({ body }) => {
    expect(() => decodeText(UNSIGNED, body)).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });

  it('refuses an unsigned chunk where signatures are due', () => {
    expect(() => decodeText(SIGNED, '1\r\na\r\n')).toThrow(
      expect.objectContaining({ code: 'InvalidRequest' }),
    );
  });
});
