import { NotFoundException } from '@nestjs/common';
import { errors } from 'mediasoup';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toProblem } from './problems.ts';
import { Refusal } from './refusal.ts';

const zodError = z.strictObject({ a: z.int() }).safeParse({ a: 'x', b: 1 }).error;

describe('an error', () => {
  it.each([
    { name: 'a refusal', error: new Refusal('already-publishing'), code: 'already-publishing', status: 409 },
    { name: 'wrong fields', error: zodError, code: 'invalid-request', status: 400 },
    {
      name: 'parameters that cannot be',
      error: new TypeError('missing codecs'),
      code: 'invalid-request',
      status: 400,
    },
    {
      name: 'an unknown codec',
      error: new errors.UnsupportedError('AV1'),
      code: 'codec-not-supported',
      status: 422,
    },
    {
      name: 'a dead worker',
      error: new errors.WorkerClosedError('x'),
      code: 'service-unavailable',
      status: 503,
    },
    { name: 'no such route', error: new NotFoundException(), code: 'not-found', status: 404 },
    {
      name: 'a body too large',
      error: Object.assign(new Error('x'), { statusCode: 413 }),
      code: 'payload-too-large',
      status: 413,
    },
    { name: 'anything else', error: new Error('secret detail'), code: 'internal', status: 500 },
    { name: 'what is no error', error: 'x', code: 'internal', status: 500 },
  ])('$name is $code', ({ error, code, status }) => {
    const told = toProblem(error);
    expect(told).toMatchObject({ code, status });
    expect(JSON.stringify(told)).not.toContain('secret detail');
  });

  it('names the fields', () => expect(toProblem(zodError).issues?.map(({ path }) => path)).toContain('a'));
});
