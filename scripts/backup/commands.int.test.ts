import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createMinioStore } from '@yike/storage/minio-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKOUT, inCheckout } from '../host/paths.ts';
import { run, type Outcome } from '../host/run.ts';
import { type Options, readOptions } from '../options.ts';
import { withClient } from '../services/database.ts';
import { withData } from '../services/data-services.ts';
import { ensureSecrets } from '../services/secrets.ts';

const MANIFEST = 'recordings/01936f00-0000-7000-8000-000000000001/0/manifest.json';
/** The folders have spaces, as a person's may. */
const root = mkdtempSync(path.join(tmpdir(), 'yike backup '));
const folder = (name: string): string => path.join(root, name);
const optionsOf = (name: string): Options => readOptions({ YIKE_DATA: folder(name) });

/** As a person types it, but for the bootstrap. */
const command = (name: string, data: string, ...args: string[]): Promise<Outcome> =>
  run(process.execPath, ['--conditions=yike-source', inCheckout('scripts', `${name}.ts`), ...args], {
    cwd: CHECKOUT,
    env: { ...process.env, YIKE_DATA: folder(data), INIT_CWD: root },
    timeoutMs: 100_000,
  });

beforeAll(async () => {
  await withData(optionsOf('old'), async (env) => {
    const migrated = await run(process.execPath, [inCheckout('api', 'dist', 'database', 'migrate.js')], {
      env,
    });
    expect(migrated.code, migrated.output).toBe(0);
    await withClient(env.DATABASE_OWNER_URL ?? '', (client) =>
      client.query(
        `INSERT INTO org_units (id, name, level, path)
         VALUES (gen_random_uuid(), E'南山\\\\社区\\n', 'community', '00001')`,
      ),
    );
    const store = createMinioStore({
      endpoint: env.S3_ENDPOINT ?? '',
      accessKey: env.S3_ACCESS_KEY ?? '',
      secretKey: env.S3_SECRET_KEY ?? '',
      bucket: env.S3_BUCKET ?? '',
      region: env.S3_REGION ?? '',
    });
    await store.ensureBucket();
    await store.put(MANIFEST, Buffer.from('{}'));
    store.close();
  });
});
afterAll(() => rmSync(root, { recursive: true }));

it('a backup made while nothing runs is restored into a new data folder beside the same objects', async () => {
  const made = await command('backup', 'old', 'first backup');
  expect(made.code, made.output).toBe(0);
  expect(made.output).toContain('1 manifests');
  expect(existsSync(path.join(folder('first backup'), 'manifests', MANIFEST))).toBe(true);

  cpSync(path.join(folder('old'), 's3'), path.join(folder('new'), 's3'), { recursive: true });
  const restored = await command('restore', 'new', 'first backup');
  expect(restored.code, restored.output).toBe(0);
  expect(restored.output).toContain('manifests put back: 0 of 1');
  expect(restored.output).toContain('ledger: every sum is 0');
  const [kept, own] = ['old', 'new'].map((name) => readFileSync(path.join(folder(name), 'secrets.json')));
  expect(own).toEqual(kept);
  const names = await withData(optionsOf('new'), (env) =>
    withClient(env.DATABASE_OWNER_URL ?? '', async (client) => {
      const { rows } = await client.query<{ name: string }>('SELECT name FROM org_units');
      return rows.map(({ name }) => name);
    }),
  );
  expect(names).toEqual(['南山\\社区\n']);

  const again = await command('restore', 'new', 'first backup');
  expect(again).toMatchObject({ code: 1 });
  expect(again.output).toContain('The database is not empty');
});

it('keys of persons are rotated to a new master key, which goes in front of the old one', async () => {
  const keysOf = () => ensureSecrets(folder('old')).personalDataKeys.split(',');
  const before = keysOf();
  const rotated = await command('rotate-keys', 'old', '--new-key');
  expect(rotated.code, rotated.output).toBe(0);
  expect(rotated.output).toContain('rotated: 0 keys of persons; 0 are left');
  expect(keysOf().slice(1)).toEqual(before);
});

it('the audit log proves itself, and names a row that somebody put in by hand', async () => {
  const whole = await command('verify-audit', 'old');
  expect(whole.code, whole.output).toBe(0);
  expect(whole.output).toContain('audit log: 0 entries, all as they were written');
  await withData(optionsOf('old'), (env) =>
    withClient(env.DATABASE_OWNER_URL ?? '', (client) =>
      client.query(
        `INSERT INTO audit_entries (seq, id, at_ms, action, subject_kind, before, after, previous_hash, hash)
         VALUES (1, gen_random_uuid(), 0, 'role.grant', 'person', '{}', '{}', repeat('0', 64), 'made up')`,
      ),
    ),
  );
  const broken = await command('verify-audit', 'old');
  expect(broken).toMatchObject({ code: 1 });
  expect(broken.output).toContain('audit log: BROKEN at entry 1: it is not what was written');
});

it('says in a sentence what is missing', async () => {
  expect(await command('backup', 'old')).toMatchObject({
    code: 1,
    output: expect.stringContaining('Say: npm run backup -- <new folder>.') as string,
  });
  const nothing = await command('backup', 'empty', 'of nothing');
  expect(nothing).toMatchObject({ code: 1 });
  expect(nothing.output).toContain('The database has no schema yet');
});
