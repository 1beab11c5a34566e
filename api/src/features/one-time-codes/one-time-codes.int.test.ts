import type { CodePurpose } from '@yike/contracts/http/codes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODE_TRIES, CodeSpent, CodeWrong } from '../../domain/one-time-code.ts';
import { TooManyRequests } from '../../platform/problems/problems.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { OneTimeCodesService, type Origin } from './one-time-codes.service.ts';

let api: ApiUnderTest;
let codes: OneTimeCodesService;
beforeAll(async () => {
  api = await startApi({ YIKE_DEMO: 'true' });
  codes = api.app.get(OneTimeCodesService, { strict: false });
});
afterAll(() => api.close());

let phones = 0;
let addresses = 0;
/** Each test has its own phone, device and address: limits are over all of them. */
const someone = (purpose: CodePurpose = 'enter') => ({
  to: { phone: String(13_800_000_000 + (phones += 1)), purpose },
  from: { device: `device ${(addresses += 1)}`, address: `192.0.2.${addresses}` } satisfies Origin,
});

async function digitsSent({ to, from }: ReturnType<typeof someone>): Promise<string> {
  const { demoCode } = await codes.send(to, from);
  return demoCode ?? '';
}

/** Six digits that are not these. */
const otherThan = (digits: string): string => String((Number(digits) + 1) % 1_000_000).padStart(6, '0');

it('is good once', async () => {
  const person = someone();
  const digits = await digitsSent(person);
  await codes.use(person.to, digits, person.from);
  await expect(codes.use(person.to, digits, person.from)).rejects.toThrow(CodeSpent);
});

it('is good for its purpose and its phone only', async () => {
  const person = someone();
  const digits = await digitsSent(person);
  await expect(codes.use({ ...person.to, purpose: 'guardian' }, digits, person.from)).rejects.toThrow(
    CodeWrong,
  );
  await expect(codes.use({ ...person.to, phone: '13899999999' }, digits, person.from)).rejects.toThrow(
    CodeWrong,
  );
  await codes.use(person.to, digits, person.from);
});

it('bears five tries, all at once or one after the other; the right digits are too late then', async () => {
  const person = someone();
  const digits = await digitsSent(person);
  const guesses = Array.from({ length: 2 * CODE_TRIES }, () =>
    codes.use(person.to, otherThan(digits), person.from),
  );
  const outcomes = await Promise.allSettled(guesses);
  const refusals = outcomes.map((outcome): unknown =>
    outcome.status === 'rejected' ? outcome.reason : null,
  );
  expect(refusals.filter((refusal) => refusal instanceof CodeWrong)).toHaveLength(CODE_TRIES);
  expect(refusals.filter((refusal) => refusal instanceof CodeSpent)).toHaveLength(CODE_TRIES);
  await expect(codes.use(person.to, digits, person.from)).rejects.toThrow(CodeSpent);
});

it('of many who type the right digits at once, one is let in', async () => {
  const person = someone();
  const digits = await digitsSent(person);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => codes.use(person.to, digits, person.from)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('ends after five minutes', async () => {
  const person = someone();
  const digits = await digitsSent(person);
  await api.sql("UPDATE one_time_codes SET expires_at = now() - interval '1 second'");
  await expect(codes.use(person.to, digits, person.from)).rejects.toThrow(CodeSpent);
});

it('is sent at most once a minute to one phone', async () => {
  const person = someone();
  await codes.send(person.to, person.from);
  const again = codes.send(person.to, someone().from);
  await expect(again).rejects.toThrow(TooManyRequests);
  await expect(again).rejects.toMatchObject({ retryAfterSeconds: 60 });
});

it('leaves neither phone nor digits in the database', async () => {
  const person = someone();
  const digits = await digitsSent(person);
  const rows = await api.sql<{ row: string }>('SELECT one_time_codes::text AS row FROM one_time_codes');
  expect(rows.length).toBeGreaterThan(0);
  const all = rows.map(({ row }) => row).join('\n');
  for (const secret of [person.to.phone, Buffer.from(person.to.phone).toString('hex')])
    expect(all).not.toContain(secret);
  expect(all).not.toContain(Buffer.from(digits).toString('hex'));
});

describe('asking for a code', () => {
  const ask = (phone: string, purpose = 'enter') => api.visitor().post('/api/codes', { phone, purpose });

  it('takes a phone as people type it', async () => {
    expect(await ask('+86 139-0000 ００01')).toMatchObject({
      status: 200,
      body: { validSeconds: 300, nextAfterSeconds: 60, demoCode: expect.stringMatching(/^\d{6}$/) as string },
    });
  });

  it('says what is wrong with one, in words for machines', async () => {
    expect(await ask('1390000000')).toMatchObject({
      status: 422,
      body: { code: 'phone-invalid', issues: [{ path: 'phone', message: 'phone-length' }] },
    });
  });

  it('is not how one steps up: that code goes to one’s own phone', async () => {
    expect(await ask('13900000002', 'step-up')).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });
});
