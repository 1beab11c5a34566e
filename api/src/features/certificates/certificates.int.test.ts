import type { Certificate, CertificateCheck } from '@yike/contracts/http/certificates';
import { CourseId, newId } from '@yike/contracts/ids';
import type { Me } from '@yike/contracts/http/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { readPdf } from '../../testing/read-pdf.ts';
import type { Visitor } from '../../testing/visitor.ts';
import { CertificatesService } from './certificates.service.ts';

let api: ApiUnderTest;
let resident: Visitor;
let displayName: string;
let certificate: Certificate;

beforeAll(async () => {
  api = await startApi();
  resident = await api.signedIn('resident');
  const { me } = (await resident.get<{ me: Me }>('/api/me')).body;
  displayName = me.displayName;
  const courseId = newId(CourseId);
  await api.sql(
    `INSERT INTO courses (id, title, summary, topic, origin, org_unit_id, gives_certificate, duration_ms, published_at)
     SELECT $1, '太极入门', '', 'health', 'self-made', org_unit_id, true, 60000, now() FROM users LIMIT 1`,
    [courseId],
  );
  const achievement = {
    userId: me.id,
    courseId,
    courseTitle: '太极入门',
    place: '滨江区社区学院',
    seconds: 2_700,
  };
  await api.app
    .get(UnitOfWork)
    .run((tx) => api.app.get(CertificatesService, { strict: false }).issue(achievement, tx));
  certificate = (await resident.get<{ items: [Certificate] }>('/api/me/certificates')).body.items[0];
});
afterAll(() => api.close());

const sheet = () => `/api/certificates/${certificate.number}/pdf`;

describe('the sheet of a certificate', () => {
  it('is its holder’s, with their whole name and a code that leads to the check', async () => {
    const answer = await fetch(new URL(sheet(), api.url), { headers: { cookie: resident.cookie } });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="${certificate.number}.pdf"`,
    );
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const { lines, qr } = await readPdf(await answer.bytes());
    expect(lines).toEqual(expect.arrayContaining([displayName, '《太极入门》', certificate.number]));
    expect(qr).toMatch(new RegExp(`^${certificate.verifyUrl}#[\\w-]+\\.[\\w-]+\\.[\\w-]+$`));
  });

  it('is nobody else’s, and says no more to them', async () => {
    const other = await api.signedIn('resident2');
    expect(await other.refusal('GET', sheet())).toBe('not-found');
    expect(await resident.refusal('GET', '/api/certificates/YK-2026-2222222222/pdf')).toBe('not-found');
    expect(await api.visitor().refusal('GET', sheet())).toBe('not-signed-in');
  });

  it('is offered where its holder checks it, to nobody else', async () => {
    const check = (visitor: Visitor) =>
      visitor.get<CertificateCheck>(`/api/certificates/${certificate.number.toLowerCase()}`);
    expect((await check(resident)).body).toMatchObject({ status: 'valid', isMine: true });
    expect((await check(await api.signedIn('resident2'))).body.isMine).toBe(false);
    expect((await check(api.visitor())).body.isMine).toBe(false);
  });

  it('goes out with the certificate', async () => {
    await api.sql(`UPDATE certificates SET status = 'revoked' WHERE number = $1`, [certificate.number]);
    expect(await resident.refusal('GET', sheet())).toBe('not-found');
  });
});
