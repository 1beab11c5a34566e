import { getMe } from '@yike/contracts/http/accounts';
import { listMyCertificates } from '@yike/contracts/http/certificates';
import { listLectures } from '@yike/contracts/http/lectures';
import { listCourses } from '@yike/contracts/http/library';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPdf } from '../api/src/testing/read-pdf.ts';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { launchBrowser } from './support/browser.ts';
import { Lecturer } from './support/lecturer.ts';
import { lookAt } from './support/looks.ts';
import { eventually } from './support/moments.ts';
import { Resident } from './support/resident.ts';
import { Visitor } from './support/visitor.ts';

const TITLE = '春季养生与饮食';
const COURSE = '五分钟晨练';
const HELD = '二十四节气';
/** Of the course, seconds: the first exercise is on the screen. */
const SHOWN_FROM_S = 24;
/** Just before the hole in the lecture that is over, and just behind it. Seconds. */
const BRINK_S = 66;
const BEHIND_S = 116;

describe('every page, on a phone and on a desk, light, dark and in elder mode, in both languages', () => {
  let product: StartedProduct;
  let browser: Browser;
  let lecturer: Lecturer;
  let resident: Resident;
  let admin: Visitor;
  let stranger: Visitor;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
    lecturer = await Lecturer.arrive(browser, product.origin);
    resident = await Resident.arrive(browser, product.origin);
    admin = await Visitor.signedIn(browser, product.origin, 'admin');
    stranger = await Visitor.arrive(browser, product.origin);
  });
  afterAll(async () => {
    await browser.close();
    await product.stop();
  });

  const looks = async (visitor: Visitor, path: string, name: string) => {
    await visitor.open(path);
    await visitor.page.waitForLoadState('networkidle');
    return lookAt(visitor, name);
  };

  it('player, with captions', async () => {
    const { items } = await resident.visitor.read(listCourses);
    expect(items).toHaveLength(9);
    const course = items.find(({ title }) => title.includes(COURSE))!;
    await resident.watchCourse(course.id);
    await resident.seek(SHOWN_FROM_S);
    await resident.page.getByTestId('captions').click();
    const caption = resident.page.getByTestId('caption');
    await caption.getByText('转肩').waitFor();
    await resident.page.getByTestId('captions-language').selectOption('en');
    await caption.getByText('Roll your shoulders.').waitFor();
    await resident.page.getByTestId('captions-language').selectOption('zh-CN');
    await resident.waitPosition(SHOWN_FROM_S + 11, { timeoutMs: 40_000 });
    // The few milliseconds before the seek are a part of their own, too thin to be seen.
    await resident.page.getByTestId('watched-part').filter({ visible: true }).first().waitFor();
    expect.soft(await lookAt(resident.visitor, 'player')).toEqual([]);
    await resident.page.keyboard.press('c');
    await caption.waitFor({ state: 'detached' });
  });

  it('a lecture that broke off, and its replay with the gap', async () => {
    const { items } = await resident.visitor.read(listLectures, { when: 'past' });
    const held = items.find(({ title }) => title.includes(HELD))!;
    expect.soft(await looks(stranger, `/lectures/${held.id}`, 'lecture-past')).toEqual([]);
    await resident.watchCourse(held.replayCourseId!);
    await resident.page.getByTestId('gap-part').waitFor();
    expect(await resident.page.getByTestId('gap-note').innerText()).toContain('48 秒');
    await resident.seek(BRINK_S);
    await resident.waitPosition(BEHIND_S, { timeoutMs: 40_000 });
    await resident.page.getByTestId('gap-skipped').waitFor();
    expect.soft(await lookAt(resident.visitor, 'replay-gap')).toEqual([]);
  });

  it('studio and live room', async () => {
    const { id } = await lecturer.plan(TITLE);
    expect.soft(await lookAt(lecturer.visitor, 'studio-list')).toEqual([]);
    await lecturer.goOnAir(TITLE);
    await resident.watchLive(id);
    await resident.page.getByTestId('truth-watched').waitFor();
    expect.soft(await lookAt(resident.visitor, 'live')).toEqual([]);
    expect.soft(await lookAt(lecturer.visitor, 'studio')).toEqual([]);
    expect.soft(await looks(admin, '/admin', 'admin')).toEqual([]);
    await lecturer.endNow();
    expect.soft(await looks(admin, `/admin/lectures/${id}`, 'admin-lecture')).toEqual([]);
  });

  it('who has which role, and what was done', async () => {
    expect.soft(await looks(admin, '/admin/roles', 'admin-roles')).toEqual([]);
    await admin.page.evaluate(async () => {
      const { units } = (await (await fetch('/api/admin/organisations')).json()) as {
        units: { id: string }[];
      };
      const words = { name: '滨江区', institutionName: '滨江社区学院', population: 98_400, code: '990108' };
      const headers = { 'content-type': 'application/json' };
      const change = { method: 'PATCH', headers, body: JSON.stringify(words) };
      await fetch(`/api/admin/organisations/${units[0]?.id}`, change);
    });
    await admin.open('/admin/audit');
    await admin.page
      .getByRole('button', { name: /第 \d+ 条的详情/ })
      .first()
      .click();
    expect.soft(await lookAt(admin, 'admin-audit')).toEqual([]);
  });

  it.each([
    { path: '/', name: 'home' },
    { path: '/live', name: 'live-list' },
    { path: '/library', name: 'library' },
    { path: '/library?q=手机', name: 'library-search' },
    { path: '/mine', name: 'mine' },
    { path: '/mine/account', name: 'account' },
  ])('$name, signed in', async ({ path, name }) =>
    expect.soft(await looks(resident.visitor, path, name)).toEqual([]),
  );

  it.each([
    { path: '/sign-in', name: 'sign-in' },
    { path: '/help/time', name: 'help' },
    { path: '/verify', name: 'verify' },
  ])('$name, signed out', async ({ path, name }) =>
    expect.soft(await looks(stranger, path, name)).toEqual([]),
  );

  it('a lecture to come', async () => {
    const { items } = await stranger.read(listLectures, { when: 'coming' });
    expect.soft(await looks(stranger, `/lectures/${items[0]!.id}`, 'lecture')).toEqual([]);
  });

  it('certificate: its holder’s to download, everybody’s to check', async () => {
    const certificate = await eventually(
      'the certificate of who watched it all live',
      async () => (await resident.visitor.read(listMyCertificates)).items[0],
    );
    await resident.visitor.open('/mine');
    const download = resident.page.waitForEvent('download');
    await resident.page.getByTestId('download-certificate').first().click();
    const stream = await (await download).createReadStream();
    const { lines, qr } = await readPdf(Buffer.concat(await stream.toArray()));
    const { me } = await resident.visitor.read(getMe);
    expect(lines).toEqual(expect.arrayContaining([me!.displayName, `《${TITLE}》`, certificate.number]));

    await stranger.open(`/verify/${certificate.number}`);
    expect(qr?.split('#')[0]).toBe(stranger.page.url());
    expect(await stranger.page.locator('h1').innerText()).toBe('真实有效');
    expect(await stranger.page.getByTestId('download-certificate').count()).toBe(0);
    expect.soft(await lookAt(stranger, 'certificate')).toEqual([]);
  });

  it('no error in any console', () => {
    const visitors = [lecturer.visitor, resident.visitor, admin, stranger];
    expect(visitors.flatMap(({ troubles }) => troubles)).toEqual([]);
  });

  it('a page that is not there', async () => {
    const lost = await Visitor.arrive(browser, product.origin);
    expect.soft(await looks(lost, '/nowhere', 'not-found')).toEqual([]);
    await lost.leave();
  });

  it('is large and dark from its first byte, for who wants it so', async () => {
    const { context, origin } = resident.visitor;
    const html = async () => (await context.request.get(origin)).text();
    expect(await html()).toContain('data-elder="false" data-theme="system"');
    await resident.visitor.open('/');
    await resident.page.getByRole('button', { name: '大字版' }).first().click();
    await resident.page.getByText('深色', { exact: true }).click();
    await resident.page.locator('html[data-elder=true][data-theme=dark]').waitFor();
    await eventually('the account to know it', async () =>
      (await resident.visitor.read(getMe)).me?.elderMode === true ? true : undefined,
    );
    expect(await html()).toContain('data-elder="true" data-theme="dark"');
    const elsewhere = await Visitor.signedIn(browser, origin, 'resident');
    expect(await (await elsewhere.context.request.get(origin)).text()).toContain('data-elder="true"');
    await elsewhere.leave();
  });
});
