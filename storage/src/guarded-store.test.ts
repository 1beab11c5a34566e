import { describe, expect, it } from 'vitest';
import { NotFound } from './errors.ts';
import { translateError } from './guarded-store.ts';
import { S3ResponseError, S3Timeout } from './s3-transport.ts';

const answer = (status: number, code = '') =>
  new S3ResponseError(status, code && `<Error><Code>${code}</Code><Message>why</Message></Error>`);
const system = (code: string) => Object.assign(new Error('failed'), { code });

describe('translateError', () => {
  it.each([
    { error: answer(404), code: 'not-found', blame: 'caller', retryable: false },
    { error: answer(404, 'NoSuchKey'), code: 'not-found', blame: 'caller', retryable: false },
    { error: answer(404, 'NoSuchBucket'), code: 'bucket-missing', blame: 'configuration', retryable: false },
    { error: answer(412), code: 'precondition-failed', blame: 'caller', retryable: false },
    {
      error: answer(409, 'ConditionalRequestConflict'),
      code: 'unavailable',
      blame: 'storage',
      retryable: true,
    },
    { error: answer(400, 'BadDigest'), code: 'checksum-mismatch', blame: 'network', retryable: true },
    { error: answer(403), code: 'access-denied', blame: 'configuration', retryable: false },
    {
      error: answer(403, 'RequestTimeTooSkewed'),
      code: 'access-denied',
      blame: 'configuration',
      retryable: false,
    },
    { error: answer(416, 'InvalidRange'), code: 'invalid-range', blame: 'caller', retryable: false },
    { error: answer(500), code: 'unavailable', blame: 'storage', retryable: true },
    { error: answer(503, 'SlowDown'), code: 'unavailable', blame: 'storage', retryable: true },
    { error: answer(507, 'XMinioStorageFull'), code: 'unavailable', blame: 'storage', retryable: true },
    { error: answer(429), code: 'unavailable', blame: 'storage', retryable: true },
    { error: answer(400, 'SomethingNew'), code: 'unexpected-answer', blame: 'storage', retryable: false },
    { error: answer(302), code: 'unexpected-answer', blame: 'storage', retryable: false },
    { error: system('ECONNREFUSED'), code: 'unavailable', blame: 'storage', retryable: true },
    { error: system('HPE_INVALID_CONSTANT'), code: 'unavailable', blame: 'storage', retryable: true },
    { error: new S3Timeout('silent'), code: 'unavailable', blame: 'storage', retryable: true },
  ])('$error.message $error.code: $code', ({ error, ...expected }) => {
    const translated = translateError(error, 'a/key');
    expect(translated).toMatchObject({ ...expected, cause: error });
    expect((translated as Error).message).toMatch(/^a\/key: /);
  });

  it('leaves our own errors and faults of the code alone', () => {
    for (const error of [new NotFound('x'), new TypeError('y'), system('ERR_INVALID_ARG_TYPE'), 'z']) {
      expect(translateError(error, 'key')).toBe(error);
    }
  });
});

describe('S3ResponseError', () => {
  it.each(['', '<html>Bad gateway</html>', '<Error/>', '<Error><Code>', '{"no":"xml"}'])(
    'reads %j without a code',
    (body) => {
      expect(new S3ResponseError(502, body)).toMatchObject({ status: 502, code: '' });
    },
  );
});
