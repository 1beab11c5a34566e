import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { UserId } from '@yike/contracts/ids';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../scripts/testing/postgres.ts';
import { createDataSource } from '../database/data-source.ts';
import { ERASED_NAME, erasePeople } from '../features/people/erase-people.ts';
import { PeopleRepository } from '../features/people/people.repository.ts';
import { PersonalDataService } from '../features/people/personal-data.service.ts';
import { addPeople, addUsers } from '../features/people/testing/people.ts';
import { personNumber } from '../features/people/testing/person-number.ts';
import { PersonalDataCipher } from '../platform/crypto/personal-data/personal-data-cipher.ts';
import { UnitOfWork } from '../platform/database/unit-of-work.ts';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';
import { backup } from './backup.ts';
import { tableFile } from './backup-file.ts';
import { restore } from './restore.ts';

let api: ApiUnderTest;
let unitOfWork: UnitOfWork;
let cipher: PersonalDataCipher;
let people: UserId[];
let fresh: TestPostgres;
const root = mkdtempSync(path.join(tmpdir(), 'yike-keys-'));
const folder = (name: string): string => path.join(root, name);
const keysFile = (): string =>
  path.join(root, readdirSync(root).find((name) => name.startsWith('person-keys-')) ?? '');

beforeAll(async () => {
  api = await startApi();
  unitOfWork = api.app.get(UnitOfWork, { strict: false });
  cipher = api.app.get(PersonalDataCipher, { strict: false });
  people = await addUsers(api, 4);
  await unitOfWork.run((tx) => addPeople(people.slice(0, 3), cipher, tx));
  await backup(api.ownerUrl, api.store, folder('first'));
  const [deleted = people[0]] = people;
  if (deleted === undefined) throw new Error('nobody to delete');
  await unitOfWork.run((tx) => erasePeople([deleted], new Date(), (sql, values) => tx.query(sql, values)));
  await unitOfWork.run((tx) => addPeople(people.slice(3), cipher, tx, () => personNumber(3)));
  await backup(api.ownerUrl, api.store, folder('second'));
});
afterAll(async () => {
  await api.close();
  rmSync(root, { recursive: true });
});
beforeEach(async () => {
  fresh = await startTestPostgres();
  return () => fresh.close();
});

/** What the restored database gives of each person. */
async function restoredPeople(): Promise<unknown[]> {
  const dataSource = await createDataSource(fresh.appUrl, pino({ level: 'silent' })).initialize();
  try {
    const data = new PersonalDataService(new PeopleRepository(), cipher, new UnitOfWork(dataSource));
    return await Promise.all(people.map((userId) => data.whole(userId)));
  } finally {
    await dataSource.destroy();
  }
}

it('there is one file of keys, that of the last backup', () => {
  expect(readdirSync(root).filter((name) => name.startsWith('person-keys-'))).toHaveLength(1);
  const keys = gunzipSync(readFileSync(keysFile())).toString();
  expect(people.map((userId) => keys.includes(userId))).toEqual([false, true, true, true]);
  expect(readdirSync(path.join(folder('first'), 'tables'))).not.toContain('person_keys.copy.gz');
});

it('who was deleted after the backup cannot be read in it any more, and is erased again', async () => {
  const sealed = gunzipSync(readFileSync(tableFile(folder('first'), 'real_names'))).toString();
  expect(sealed).toContain(people[0]);
  expect(await restore(fresh.ownerUrl, api.store, folder('first'))).toMatchObject({ erased: 1 });
  expect(await restoredPeople()).toEqual([null, personNumber(1), personNumber(2), null]);
  const dataSource = await createDataSource(fresh.ownerUrl, pino({ level: 'silent' })).initialize();
  const users: unknown = await dataSource.query(
    'SELECT display_name AS name, username, deleted_at IS NOT NULL AS "isDeleted" FROM users WHERE id = $1',
    [people[0]],
  );
  await dataSource.destroy();
  expect(users).toEqual([{ name: ERASED_NAME, username: null, isDeleted: true }]);
});

it('the last backup has everybody but the deleted one', async () => {
  expect(await restore(fresh.ownerUrl, api.store, folder('second'))).toMatchObject({ erased: 0 });
  expect(await restoredPeople()).toEqual([null, personNumber(1), personNumber(2), personNumber(3)]);
});

it.each([
  { name: 'missing', make: (file: string) => rmSync(file), says: 'is missing' },
  {
    name: 'cut off',
    make: (file: string) => writeFileSync(file, readFileSync(file).subarray(0, -9)),
    says: 'was damaged',
  },
])('a backup whose keys are $name is refused, and leaves an empty database', async ({ make, says }) => {
  const file = keysFile();
  const good = readFileSync(file);
  make(file);
  await expect(restore(fresh.ownerUrl, api.store, folder('second'))).rejects.toThrow(says);
  writeFileSync(file, good);
  expect(await restoredPeople()).toEqual([null, null, null, null]);
});
