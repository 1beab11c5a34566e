import { listMyCertificates } from '@yike/contracts/http/certificates';
import { listCourses } from '@yike/contracts/http/library';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { launchBrowser } from './support/browser.ts';
import { Lecturer } from './support/lecturer.ts';
import { lookAt } from './support/looks.ts';
import { eventually } from './support/moments.ts';
import { Resident } from './support/resident.ts';
import { Visitor } from './support/visitor.ts';

const TITLE = '春季养生与饮食';
const COURSE = '五分钟晨练';
/** Of the course, seconds: the first exercise is on the screen. */
const SHOWN_FROM_S = 24;

describe('every page, on a phone and on a desk, plain and in elder mode', () => {
  let product: StartedProduct;
  let browser: Browser;
  let lecturer: Lecturer;
  let resident: Resident;
  let stranger: Visitor;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
    lecturer = await Lecturer.arrive(browser, product.origin);
    resident = await Resident.arrive(browser, product.origin);
    stranger = await Visitor.arrive(browser, product.origin);
  });
  afterAll(async () => {
    await browser.close();
    await product.stop();
  });

  it('player', async () => {
    const { items } = await resident.visitor.read(listCourses);
    const course = items.find(({ title }) => title.includes(COURSE))!;
    await resident.watchCourse(course.id);
    await resident.seek(SHOWN_FROM_S);
    await resident.waitPosition(SHOWN_FROM_S + 11, { timeoutMs: 40_000 });
    await resident.page.getByTestId('watched-part').first().waitFor();
    expect(await lookAt(resident.visitor, 'player')).toEqual([]);
  });

  it('studio and live room', async () => {
    const { id } = await lecturer.plan(TITLE);
    await lecturer.goOnAir(TITLE);
    await resident.watchLive(id);
    await resident.page.getByTestId('truth-watched').waitFor();
    expect(await lookAt(resident.visitor, 'live')).toEqual([]);
    expect(await lookAt(lecturer.visitor, 'studio')).toEqual([]);
    await lecturer.endNow();
  });

  it('home', async () => {
    await resident.visitor.open('/');
    await resident.page.waitForLoadState('networkidle');
    expect(await lookAt(resident.visitor, 'home')).toEqual([]);
  });

  it('account', async () => {
    await resident.visitor.open('/mine/account');
    expect(await lookAt(resident.visitor, 'account')).toEqual([]);
  });

  it('certificate check, signed out', async () => {
    const certificate = await eventually(
      'the certificate of who watched it all live',
      async () => (await resident.visitor.read(listMyCertificates)).items[0],
    );
    await stranger.open(`/verify/${certificate.number}`);
    expect(await stranger.page.locator('h1').innerText()).toBe('真实有效');
    expect(await lookAt(stranger, 'certificate')).toEqual([]);
  });

  it('no error in any console', () => {
    expect([lecturer.visitor, resident.visitor, stranger].flatMap(({ troubles }) => troubles)).toEqual([]);
  });
});
