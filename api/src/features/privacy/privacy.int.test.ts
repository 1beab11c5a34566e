import type { Me } from '@yike/contracts/http/accounts';
import { KeptAfterDeletion, type OwnData } from '@yike/contracts/http/privacy';
import { CourseId, newId, type UserId } from '@yike/contracts/ids';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { readPdf } from '../../testing/read-pdf.ts';
import type { Visitor } from '../../testing/visitor.ts';
import { CertificatesService } from '../certificates/certificates.service.ts';
import { PersonalDataService } from '../people/personal-data.service.ts';
import { addUsers } from '../people/testing/people.ts';
import { personNumber } from '../people/testing/person-number.ts';
import { OWN_RECORDS } from './own-records.ts';

let api: ApiUnderTest;
let data: PersonalDataService;
let unitOfWork: UnitOfWork;
beforeAll(async () => {
  api = await startApi();
  data = api.app.get(PersonalDataService, { strict: false });
  unitOfWork = api.app.get(UnitOfWork, { strict: false });
});
afterAll(() => api.close());

async function signedInAs(
  n: number,
  username: 'resident' | 'resident2',
): Promise<{ id: UserId; visitor: Visitor }> {
  const visitor = await api.signedIn(username);
  const { id } = (await visitor.get<{ me: Me }>('/api/me')).body.me;
  await unitOfWork.run((tx) => data.register(id, personNumber(n), tx));
  return { id, visitor };
}
const stepUp = (visitor: Visitor) => visitor.post('/api/session/step-up', { password: 'yike-demo' });

async function addCertificate(userId: UserId): Promise<void> {
  const courseId = newId(CourseId);
  await api.sql(
    `INSERT INTO courses (id, title, summary, topic, origin, org_unit_id, gives_certificate, duration_ms, published_at)
     SELECT $1, '太极入门', '', 'health', 'self-made', org_unit_id, true, 60000, now() FROM users LIMIT 1`,
    [courseId],
  );
  const achievement = { userId, courseId, courseTitle: '太极入门', place: '滨江区社区学院', seconds: 2_700 };
  const certificates = api.app.get(CertificatesService, { strict: false });
  await unitOfWork.run((tx) => certificates.issue(achievement, tx));
}

describe('what is known of oneself', () => {
  let resident: { id: UserId; visitor: Visitor };
  beforeAll(async () => {
    resident = await signedInAs(1, 'resident');
    await addCertificate(resident.id);
  });

  it('is shown masked', async () => {
    const { body } = await resident.visitor.get<OwnData>('/api/me/data');
    expect(body).toMatchObject({
      person: { name: '王*英', phone: '139****0001', number: expect.stringMatching(/^440\*{11}/) as string },
      keptAfterDeletion: KeptAfterDeletion.options,
    });
    expect(await api.visitor().refusal('GET', '/api/me/data')).toBe('not-signed-in');
  });

  it('is given whole, in an archive, after a second proof of who one is', async () => {
    const { visitor, id } = resident;
    expect(await visitor.refusal('GET', '/api/me/export')).toBe('step-up-needed');
    await stepUp(visitor);
    const answer = await fetch(new URL('/api/me/export', api.url), { headers: { cookie: visitor.cookie } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const files = unzipSync(await answer.bytes());
    const texts = Object.entries(files).filter(([name]) => !name.endsWith('.pdf'));
    const json = (name: string): unknown => JSON.parse(strFromU8(files[name] ?? new Uint8Array()));

    const person = personNumber(1);
    expect(json('person.json')).toEqual({ ...person, verifiedAt: person.verifiedAt?.toISOString() });
    expect(json('account.json')).toMatchObject([{ id, username: 'resident' }]);
    expect(json('sessions.json')).toMatchObject([{ user_id: id }]);
    expect(json('learning/certificates.json')).toMatchObject([{ course_title: '太极入门' }]);
    expect(json('learning/viewing.json')).toEqual([]);
    for (const { file } of OWN_RECORDS) expect(files).toHaveProperty([file]);
    for (const [, bytes] of texts)
      expect(strFromU8(bytes)).not.toMatch(/\$argon2|token_hash|password_hash|_cipher|_hmac|wrapped/);

    const [pdf] = Object.keys(files).filter((name) => name.endsWith('.pdf'));
    const { lines } = await readPdf(files[pdf ?? ''] ?? new Uint8Array());
    expect(lines).toContain('《太极入门》');
  });

  it('every column that names a person is exported, or it is said here why not', async () => {
    const elsewhere: Record<string, string> = {
      'person_keys.user_id': 'opens what person.json has',
      'real_names.user_id': 'person.json',
      'leases.user_id': 'what plays at this moment',
      'role_grants.granted_by': 'in office/acts.json',
      'role_grants.ended_by': 'in office/acts.json',
      'approvals.requested_by': 'in office/acts.json',
      'approvals.decided_by': 'in office/acts.json',
      'consents.given_by': 'a ward’s own',
    };
    const columns = await api.sql<{ name: string }>(
      `SELECT c.relname || '.' || a.attname AS name FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
       WHERE k.contype = 'f' AND k.confrelid = 'users'::regclass`,
    );
    const exported = OWN_RECORDS.flatMap(({ by }) => by);
    const missing = columns
      .map(({ name }) => name)
      .filter((name) => !exported.includes(name) && !(name in elsewhere));
    expect(missing).toEqual([]);
  });
});

describe('deleting one’s account', () => {
  let resident: { id: UserId; visitor: Visitor };
  const rowsOf = async (table: string, column = 'user_id'): Promise<unknown[]> =>
    api.sql(`SELECT * FROM ${table} WHERE ${column} = $1`, [resident.id]);
  beforeAll(async () => {
    resident = await signedInAs(2, 'resident2');
    await addCertificate(resident.id);
  });

  it('needs a second proof of who one is', async () => {
    expect(await resident.visitor.refusal('DELETE', '/api/me')).toBe('step-up-needed');
    expect(await rowsOf('real_names')).toHaveLength(1);
  });

  it('is refused while a minor is registered under it', async () => {
    const [ward] = await addUsers(api, 1);
    if (ward === undefined) throw new Error('no ward');
    await unitOfWork.run((tx) => data.register(ward, { ...personNumber(3), guardianId: resident.id }, tx));
    await api.sql('UPDATE real_names SET birth_year = 2015 WHERE user_id = $1', [ward]);
    await stepUp(resident.visitor);
    expect(await resident.visitor.refusal('DELETE', '/api/me')).toBe('is-guardian');
    await api.sql('UPDATE real_names SET birth_year = 2000 WHERE user_id = $1', [ward]);
  });

  it('leaves a number without a name', async () => {
    const otherBrowser = await api.signedIn('resident2');
    const { status } = await resident.visitor.send('DELETE', '/api/me');
    expect(status).toBe(204);
    expect(resident.visitor.sessionToken).toBeUndefined();
    expect(await otherBrowser.refusal('GET', '/api/me/data')).toBe('not-signed-in');
    expect((await api.visitor().signIn('resident2')).status).toBe(401);
    for (const table of ['real_names', 'person_keys', 'sessions']) expect(await rowsOf(table)).toEqual([]);
    expect(await rowsOf('users', 'id')).toMatchObject([
      { display_name: '已注销', username: null, password_hash: null, deleted_at: expect.any(Date) as Date },
    ]);
    expect(await rowsOf('certificates')).toMatchObject([{ masked_name: '李*国' }]);
    expect(await rowsOf('audit_entries', 'actor_id')).toMatchObject([{ action: 'account.delete-mine' }]);
  });

  it('frees the phone and the document', async () => {
    const [again] = await addUsers(api, 1);
    if (again === undefined) throw new Error('nobody');
    await unitOfWork.run((tx) => data.register(again, personNumber(2), tx));
    expect(await data.findByPhone('13900000002')).toBe(again);
  });
});
