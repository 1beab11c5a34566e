import type { UserId } from '@yike/contracts/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DocumentTaken, PhoneTaken } from '../../domain/identity/taken.ts';
import { SealBroken } from '../../platform/crypto/personal-data/personal-data-cipher.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { PersonalDataService } from './personal-data.service.ts';
import type { Person } from './sealing.ts';
import { addUsers } from './testing/people.ts';
import { personNumber } from './testing/person-number.ts';

let api: ApiUnderTest;
let data: PersonalDataService;
let users: UserId[];
beforeAll(async () => {
  api = await startApi();
  data = api.app.get(PersonalDataService, { strict: false });
  users = await addUsers(api, 120);
});
afterAll(() => api.close());

const registerAs = (userId: UserId, person: Person): Promise<void> =>
  api.app.get(UnitOfWork, { strict: false }).run((tx) => data.register(userId, person, tx));
const someone = (): UserId => {
  const userId = users.pop();
  if (userId === undefined) throw new Error('more users are needed');
  return userId;
};

it('keeps a person, shows them masked, and gives the whole value when asked', async () => {
  const userId = someone();
  const person = personNumber(1);
  await registerAs(userId, person);
  const { number = '' } = person.document ?? {};
  expect((await data.masked([userId])).get(userId)).toEqual({
    userId,
    name: '王*英',
    phone: '139****0001',
    documentType: 'mainland-id',
    number: `440***********${number.slice(-4)}`,
    birthYear: 1941,
    groups: ['migrant-worker'],
    guardianId: null,
    verifiedAt: person.verifiedAt,
  });
  expect(await data.reveal(userId, 'phone')).toBe(person.phone);
  expect(await data.reveal(userId, 'number')).toBe(number);
  expect(await data.whole(userId)).toEqual(person);
  expect(await data.findByPhone('13900000001')).toBe(userId);
  expect(await data.findByNumber({ type: 'mainland-id', number })).toBe(userId);
  expect(await data.findByPhone('13900000002')).toBeNull();
});

it('a person may have a phone alone', async () => {
  const userId = someone();
  await registerAs(userId, { ...personNumber(2), document: null });
  expect((await data.masked([userId])).get(userId)).toMatchObject({ number: null, birthYear: null });
});

describe('of 50 at once', () => {
  const race = async (people: Person[]): Promise<PromiseSettledResult<void>[]> =>
    Promise.allSettled(people.map((person) => registerAs(someone(), person)));

  it.each([
    { name: 'phone', same: { phone: '13800000000' }, error: PhoneTaken },
    { name: 'document', same: { document: personNumber(999).document }, error: DocumentTaken },
  ])('with one $name one is left', async ({ name, same, error }) => {
    const from = name === 'phone' ? 100 : 200;
    const people = Array.from({ length: 50 }, (_, n) => ({ ...personNumber(from + n), ...same }));
    const outcomes = await race(people);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(error);
    const [{ keys, names } = { keys: 0, names: 1 }] = await api.sql<{ keys: number; names: number }>(
      'SELECT (SELECT count(*)::int FROM person_keys) AS keys, (SELECT count(*)::int FROM real_names) AS names',
    );
    expect(keys).toBe(names);
  });
});

it('a phone and a document can be changed, not to those of another', async () => {
  const [first, second] = [someone(), someone()];
  await registerAs(first, personNumber(300));
  await registerAs(second, personNumber(301));
  const unitOfWork = api.app.get(UnitOfWork, { strict: false });
  await unitOfWork.run((tx) => data.changePhone(first, '13911112222', tx));
  const { document } = personNumber(302);
  if (document !== null) await unitOfWork.run((tx) => data.changeDocument(first, document, tx));
  expect(await data.whole(first)).toEqual({ ...personNumber(300), phone: '13911112222', document });
  expect(await data.findByPhone('13900000300')).toBeNull();
  await expect(unitOfWork.run((tx) => data.changePhone(second, '13911112222', tx))).rejects.toThrow(
    PhoneTaken,
  );
});

it('a value that was moved to another row does not open', async () => {
  const [from, to] = [someone(), someone()];
  await registerAs(from, personNumber(400));
  await registerAs(to, personNumber(401));
  await api.sql(
    `UPDATE real_names SET phone_cipher = other.phone_cipher FROM real_names other
     WHERE real_names.user_id = $1 AND other.user_id = $2`,
    [to, from],
  );
  await expect(data.reveal(to, 'phone')).rejects.toThrow(SealBroken);
  expect(await data.reveal(from, 'phone')).toBe('13900000400');
});
