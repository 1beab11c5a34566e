import type { AuditEntry, listAuditEntries } from '@yike/contracts/http/audit';
import type { OrgUnit } from '@yike/contracts/http/organisations';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource } from '../../database/data-source.ts';
import { demoUnitId } from '../../database/seed-demo-organisations.ts';
import type { ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import type { Visitor } from '../../testing/visitor.ts';
import { AuditRepository } from './audit.repository.ts';
import { verifyLog } from './verify-log.ts';

type Page = ReplyOf<typeof listAuditEntries>;

const AUDIT = '/api/admin/audit';
const TREE = '/api/admin/organisations';
const DISTRICT = demoUnitId('滨江区');
const CASSIA = demoUnitId('桂苑社区');
const PINE = demoUnitId('松鹤社区');

let api: ApiUnderTest;
let admin: Visitor;
let community: Visitor;
beforeAll(async () => {
  api = await startApi();
  admin = await api.signedIn('admin');
  community = await api.signedIn('community');
});
afterAll(() => api.close());

const listed = async (by: Visitor, query = ''): Promise<AuditEntry[]> =>
  (await by.get<Page>(`${AUDIT}${query}`)).body.items;

const rename = (by: Visitor, id: string, institutionName: string) =>
  by.send<OrgUnit>('PATCH', `${TREE}/${id}`, {
    ...{ name: id === CASSIA ? '桂苑社区' : '松鹤社区', institutionName, population: null, code: null },
  });

const stepUp = (username: string) =>
  api.sql(`UPDATE sessions SET stepped_up_at = now() FROM users WHERE users.id = user_id AND username = $1`, [
    username,
  ]);

describe('an administrative act', () => {
  it('stands in the log: who, as what, on what, before and after, and from where', async () => {
    expect((await rename(community, CASSIA, '桂苑学习中心 13812345678')).status).toBe(200);
    const [entry] = await listed(community);
    expect(entry).toMatchObject({
      actor: { displayName: '周敏' },
      actingAs: 'administrator',
      action: 'organisation.edit',
      subject: { kind: 'organisation', id: CASSIA },
      orgUnit: { id: CASSIA, name: '桂苑社区' },
      origin: '127.0.0.0/24',
    });
    expect(JSON.stringify(entry!.after)).toContain('138****5678');
    expect(JSON.stringify(entry!.before)).toContain('institutionName');
  });

  it('that is refused, or fails, leaves no trace and does nothing', async () => {
    const before = (await listed(admin)).length;
    expect(await community.refusal('PATCH', `${TREE}/${PINE}`, plan('松鹤社区'))).toBe('forbidden');
    expect(await admin.refusal('PATCH', `${TREE}/${PINE}`, plan('茶园社区'))).toBe('organisation-name-taken');
    expect(await listed(admin)).toHaveLength(before);
  });

  it('of many at once each has its own place in the chain', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        rename(admin, index % 2 === 0 ? CASSIA : PINE, `名称${index}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    const seqs = (await listed(admin, '?limit=12')).map(({ seq }) => seq);
    expect(new Set(seqs).size).toBe(12);
    expect(await verified()).toMatchObject({ isIntact: true });
  });

  const plan = (name: string) => ({ name, institutionName: null, population: null, code: null });
});

describe('looking into the log', () => {
  beforeAll(async () => {
    await rename(admin, CASSIA, '甲');
    await rename(admin, PINE, '乙');
  });

  it('shows the part of the tree where one may look, and no more', async () => {
    const own = await listed(community, '?limit=100');
    expect(own.length).toBeGreaterThan(0);
    expect(own.every(({ orgUnit }) => orgUnit?.id === CASSIA)).toBe(true);
    const all = await listed(await api.signedIn('auditor'), '?limit=100');
    expect(new Set(all.map(({ orgUnit }) => orgUnit?.id))).toEqual(new Set([CASSIA, PINE]));
    expect(await listed(community, `?under=${PINE}`)).toEqual([]);
    expect((await listed(community, `?under=${DISTRICT}&limit=100`)).length).toBe(own.length);
  });

  it('finds by who, what, on what and when', async () => {
    const [{ actor } = { actor: null }] = await listed(community, '?limit=1');
    const mine = await listed(admin, `?actorId=${actor!.id}&limit=100`);
    expect(mine.every((entry) => entry.actor?.id === actor!.id)).toBe(true);
    expect((await listed(admin, `?subjectId=${PINE}`)).every(({ subject }) => subject.id === PINE)).toBe(
      true,
    );
    expect(await listed(admin, '?action=broadcast.stop')).toEqual([]);
    expect(await listed(admin, '?to=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await listed(admin, '?from=2099-01-01T00:00:00Z')).toEqual([]);
    expect(await admin.refusal('GET', `${AUDIT}?cursor=abc`)).toBe('invalid-request');
  });

  it('comes page by page, newest first, each entry once', async () => {
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { items, nextCursor } = (await admin.get<Page>(`${AUDIT}?limit=5${query}`)).body;
      seen.push(...items.map(({ seq }) => seq));
      cursor = nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => seen.length - index));
  });

  it('as a table needs a fresh proof of who one is, and is written down itself', async () => {
    expect(await community.refusal('GET', `${AUDIT}/table.csv`)).toBe('step-up-needed');
    await stepUp('community');
    const table = await community.get<string>(`${AUDIT}/table.csv?action=organisation.edit`);
    expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(table.body.split('\r\n').length).toBeGreaterThan(2);
    const [latest] = await listed(community, '?limit=1');
    expect(latest).toMatchObject({ action: 'audit.export', after: { action: 'organisation.edit' } });
  });
});

describe('the log in the database', () => {
  beforeEach(async () => {
    await rename(admin, CASSIA, `又一个${Date.now()}`);
  });

  it.each(["UPDATE audit_entries SET reason = 'x'", 'DELETE FROM audit_entries', 'TRUNCATE audit_entries'])(
    'refuses %s, from its owner too',
    async (text) => {
      await expect(api.sql(text)).rejects.toThrow('the audit log only grows');
      const app = new Client({ connectionString: api.config.DATABASE_URL });
      await app.connect();
      await expect(app.query(text)).rejects.toThrow('permission denied');
      await app.end();
    },
  );

  it('shows by its chain which row somebody changed by hand', async () => {
    expect(await verified()).toMatchObject({ isIntact: true });
    await byHand(`UPDATE audit_entries SET after = '{"name":"innocent"}' WHERE seq = 2`);
    const { isIntact, words } = await verified();
    expect(isIntact).toBe(false);
    expect(words).toBe('audit log: BROKEN at entry 2: it is not what was written');
  });

  const byHand = (text: string) =>
    api.sql(
      `ALTER TABLE audit_entries DISABLE TRIGGER ALL; ${text}; ALTER TABLE audit_entries ENABLE TRIGGER ALL`,
    );
});

async function verified(): Promise<{ isIntact: boolean; words: string }> {
  const dataSource = await createDataSource(api.ownerUrl, pino({ level: 'silent' })).initialize();
  try {
    return await verifyLog(new AuditRepository(), dataSource.manager);
  } finally {
    await dataSource.destroy();
  }
}
