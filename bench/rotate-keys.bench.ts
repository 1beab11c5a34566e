import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { newId, UserId } from '@yike/contracts/ids';
import { Pool } from 'pg';
import { openPerson, sealPerson } from '../api/src/features/people/sealing.ts';
import { personNumber } from '../api/src/features/people/testing/person-number.ts';
import { AesGcmCipher } from '../api/src/platform/crypto/personal-data/aes-gcm-cipher.ts';
import { masterKeysOf } from '../api/src/platform/crypto/personal-data/master-keys.ts';
import { inCheckout } from '../scripts/host/paths.ts';
import { startTestPostgres } from '../scripts/testing/postgres.ts';
import type { BenchLine } from './bench.ts';
import { builtApi } from './viewing/api-parts.ts';

const PEOPLE = 100_000;
const CHUNK = 5_000;
const [OLD, NEW, NEWEST] = ['old', 'new', 'newest'].map((name) => `the ${name} master secret of the bench`);
const INDEX = 'the secret of the index';

const cipherBy = (...secrets: (string | undefined)[]): AesGcmCipher =>
  new AesGcmCipher(masterKeysOf(secrets.join()), INDEX);

/** Rotates the keys of 100,000 people, killed by SIGKILL half-way and begun again; then gives each a new key as well. Reads every value afterwards. */
export default async function rotateKeys(): Promise<BenchLine> {
  const { migrate } = await builtApi();
  const postgres = await startTestPostgres();
  const database = new Pool({ connectionString: postgres.ownerUrl });
  try {
    await migrate(postgres.ownerUrl);
    await addPeople(database, cipherBy(OLD));
    const rotate = (keys: (string | undefined)[], killAt?: number) =>
      run({ DATABASE_URL: postgres.appUrl, PERSONAL_DATA_KEYS: keys.join() }, killAt);
    const killed = await rotate([NEW, OLD], PEOPLE / 2);
    const between = await read(database, cipherBy(NEW, OLD));
    const rotatedThen = await countUnder(database, cipherBy(NEW));
    const resumed = await rotate([NEW, OLD]);
    const afterwards = await read(database, cipherBy(NEW));
    const anew = await run(
      { DATABASE_URL: postgres.appUrl, PERSONAL_DATA_KEYS: `${NEWEST},${NEW}` },
      undefined,
      true,
    );
    const resealed = await read(database, cipherBy(NEWEST));
    const reads = [between, afterwards, resealed];
    const faults = reads.reduce((sum, { unreadable, inPlain }) => sum + unreadable + inPlain, 0);
    const isHalf = rotatedThen >= PEOPLE / 2 && rotatedThen < PEOPLE;
    return {
      name: 'rotate-keys',
      value: faults,
      unit: 'values that cannot be read or stand in plain',
      goal: '0 of 100,000 people, killed half-way and resumed',
      ok: faults === 0 && isHalf && reads.every(({ people }) => people === PEOPLE),
      details: {
        people: PEOPLE,
        rotatedWhenKilled: rotatedThen,
        secondsToTheKill: killed,
        secondsAfterIt: resumed,
        rewrappedPerSecond: Math.round(PEOPLE / (killed + resumed)),
        secondsWithNewKeysOfPersons: anew,
        resealedPerSecond: Math.round(PEOPLE / anew),
      },
    };
  } finally {
    await database.end();
    await postgres.close();
  }
}

async function addPeople(database: Pool, cipher: AesGcmCipher): Promise<void> {
  await database.query(
    "INSERT INTO org_units (id, name, level, path) VALUES (gen_random_uuid(), '滨江区', 'district', '00001')",
  );
  for (let from = 0; from < PEOPLE; from += CHUNK) {
    const people = Array.from({ length: CHUNK }, (_, n) =>
      sealPerson(newId(UserId), personNumber(from + n), cipher),
    );
    const column = <T>(of: (person: (typeof people)[number]) => T): T[] => people.map(of);
    const ids = column(({ row }) => row.userId);
    await database.query(
      `INSERT INTO users (id, display_name, locale, org_unit_id)
       SELECT id, '居民', 'zh-CN', (SELECT id FROM org_units) FROM unnest($1::uuid[]) AS id`,
      [ids],
    );
    await database.query(
      'INSERT INTO person_keys SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::text[])',
      [ids, column(({ key }) => key.wrappedKey), column(({ key }) => key.masterKeyId)],
    );
    await database.query(
      `INSERT INTO real_names (user_id, name, document_type, number_cipher, number_hmac, phone_cipher, phone_hmac)
       SELECT id, '王秀英', 'mainland-id', n, nh, p, ph
       FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) AS s (id, n, nh, p, ph)`,
      [
        ids,
        column(({ row }) => row.numberCipher),
        column(({ row }) => row.numberHmac),
        column(({ row }) => row.phoneCipher),
        column(({ row }) => row.phoneHmac),
      ],
    );
  }
}

/** The command as an operator runs it. @returns its seconds */
async function run(env: NodeJS.ProcessEnv, killAt = Infinity, withDataKeys = false): Promise<number> {
  const begun = performance.now();
  const args = [inCheckout('api', 'dist', 'rotate-keys.js'), ...(withDataKeys ? ['--data-keys'] : [])];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface(child.stdout).on('line', (line) => {
    if (Number.parseInt(line) >= killAt) child.kill('SIGKILL');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (killAt === Infinity && code !== 0) throw new Error(`the rotation ended with ${code}`);
  return Math.round((performance.now() - begun) / 10) / 100;
}

async function countUnder(database: Pool, { currentMasterKeyId }: AesGcmCipher): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM person_keys WHERE master_key_id = $1',
    [currentMasterKeyId],
  );
  return rows[0]?.count ?? 0;
}

interface Sealed {
  userId: UserId;
  phoneCipher: Buffer;
  numberCipher: Buffer;
  wrappedKey: Buffer;
  masterKeyId: string;
}

/** Opens both values of everybody. */
async function read(
  database: Pool,
  cipher: AesGcmCipher,
): Promise<{ people: number; unreadable: number; inPlain: number }> {
  const counts = { people: 0, unreadable: 0, inPlain: 0 };
  for (let after: UserId | null = null; ;) {
    const { rows }: { rows: Sealed[] } = await database.query(
      `SELECT n.user_id AS "userId", phone_cipher AS "phoneCipher", number_cipher AS "numberCipher",
         wrapped_key AS "wrappedKey", master_key_id AS "masterKeyId"
       FROM real_names n JOIN person_keys k ON k.user_id = n.user_id
       WHERE $1::uuid IS NULL OR n.user_id > $1 ORDER BY n.user_id LIMIT ${CHUNK}`,
      [after],
    );
    for (const sealed of rows) {
      counts.people += 1;
      const { phone, number } = openOrNull(sealed, cipher);
      if (!/^139\d{8}$/.test(phone ?? '') || !/^440305\d{11}[\dX]$/.test(number ?? ''))
        counts.unreadable += 1;
      if (sealed.phoneCipher.includes(phone ?? '139') || sealed.numberCipher.includes(number ?? '440305'))
        counts.inPlain += 1;
    }
    after = rows.at(-1)?.userId ?? null;
    if (after === null) return counts;
  }
}

function openOrNull(sealed: Sealed, cipher: AesGcmCipher): { phone: string | null; number: string | null } {
  try {
    return openPerson({ row: sealed, key: sealed }, cipher);
  } catch {
    return { phone: null, number: null };
  }
}
