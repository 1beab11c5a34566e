import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { UserId } from '@yike/contracts/ids';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AesGcmCipher } from '../../../platform/crypto/personal-data/aes-gcm-cipher.ts';
import { masterKeysOf } from '../../../platform/crypto/personal-data/master-keys.ts';
import { SealBroken } from '../../../platform/crypto/personal-data/personal-data-cipher.ts';
import { UnitOfWork } from '../../../platform/database/unit-of-work.ts';
import { type ApiUnderTest, startApi } from '../../../testing/api-under-test.ts';
import { PeopleRepository } from '../people.repository.ts';
import { PersonalDataService } from '../personal-data.service.ts';
import { addPeople, addUsers } from '../testing/people.ts';
import { personNumber } from '../testing/person-number.ts';

const [OLD, NEW, NEWEST] = ['old', 'new', 'newest'].map((name) => `the ${name} master secret, long enough`);
const INDEX = 'the secret of the index, long enough';
const PEOPLE = 2_000;
/** Somebody in the third of four batches. */
const HALF_WAY = 1_200;

const cipherBy = (...secrets: (string | undefined)[]): AesGcmCipher =>
  new AesGcmCipher(masterKeysOf(secrets.join()), INDEX);
const command = fileURLToPath(new URL('../../../../dist/rotate-keys.js', import.meta.url));

let api: ApiUnderTest;
let unitOfWork: UnitOfWork;
let userIds: UserId[];
beforeAll(async () => {
  api = await startApi();
  unitOfWork = api.app.get(UnitOfWork, { strict: false });
  userIds = (await addUsers(api, PEOPLE)).toSorted();
  await unitOfWork.run((tx) => addPeople(userIds, cipherBy(OLD), tx));
});
afterAll(() => api.close());

/** The command as an operator runs it; `onLine` may kill it. */
async function rotate(
  keys: (string | undefined)[],
  args: string[] = [],
  onLine: (line: string, kill: () => void) => void = () => undefined,
): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, [command, ...args], {
    env: { DATABASE_URL: api.config.DATABASE_URL, PERSONAL_DATA_KEYS: keys.join() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      onLine(line, () => child.kill('SIGKILL'));
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lines };
}

const readable = async (...secrets: (string | undefined)[]): Promise<void> => {
  const data = new PersonalDataService(new PeopleRepository(), cipherBy(...secrets), unitOfWork);
  for (const [n, userId] of userIds.entries()) expect(await data.whole(userId)).toEqual(personNumber(n));
};
const underEach = async (): Promise<number[]> =>
  (await api.sql<{ n: number }>('SELECT count(*)::int AS n FROM person_keys GROUP BY master_key_id')).map(
    ({ n }) => n,
  );

it(
  'killed half-way it goes on where it was, and every value stays readable',
  { timeout: 120_000 },
  async () => {
    // Somebody's key is in use, so that the third batch waits and the kill comes in the middle.
    const other = new Client({ connectionString: api.ownerUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM person_keys WHERE user_id = $1 FOR UPDATE', [userIds[HALF_WAY]]);
    const killed = await rotate([NEW, OLD], [], (line, kill) => {
      if (line.startsWith('1000 of')) kill();
    });
    await other.end();
    expect(killed).toEqual({ code: null, lines: ['500 of 2000', '1000 of 2000'] });
    expect(await underEach()).toEqual([1_000, 1_000]);
    await readable(NEW, OLD);

    const resumed = await rotate([NEW, OLD]);
    expect(resumed.lines).toEqual([
      '500 of 1000',
      '1000 of 1000',
      expect.stringContaining('rotated: 1000 keys of persons; 0 are left') as string,
    ]);
    expect(await underEach()).toEqual([PEOPLE]);
    await readable(NEW);
    await expect(readable(OLD)).rejects.toThrow(SealBroken);
  },
);

it('gives each person a new key too, where that is wanted', { timeout: 120_000 }, async () => {
  const values = () =>
    api.sql<{ phone: string }>(
      "SELECT encode(phone_cipher, 'hex') AS phone FROM real_names ORDER BY user_id",
    );
  const before = new Set((await values()).map(({ phone }) => phone));
  expect((await rotate([NEWEST, NEW], ['--data-keys'])).code).toBe(0);
  expect((await values()).filter(({ phone }) => before.has(phone))).toEqual([]);
  await readable(NEWEST);
  expect((await rotate([NEWEST], ['--data-keys'])).lines).toEqual([
    expect.stringContaining('rotated: 0 keys of persons; 0 are left') as string,
  ]);
});

it('changes nothing without the key of somebody', async () => {
  expect((await rotate([OLD])).code).not.toBe(0);
  await readable(NEWEST);
});
