import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { auditLedger, listStatement } from '@yike/contracts/http/bank';
import { checkCertificate, listMyCertificates } from '@yike/contracts/http/certificates';
import { getCourse } from '@yike/contracts/http/library';
import type { Lecture } from '@yike/contracts/http/lectures';
import { listViewingSessions } from '@yike/contracts/http/viewing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { Administrator } from './support/administrator.ts';
import { doublyCountedMs, sumAttendance } from './support/attendance.ts';
import { runOnData } from './support/backup.ts';
import { launchBrowser } from './support/browser.ts';
import { Lecturer } from './support/lecturer.ts';
import { eventually, secondsAfter } from './support/moments.ts';
import { received, seenFrames, watchFrames } from './support/probe.ts';
import { Resident } from './support/resident.ts';
import { Visitor } from './support/visitor.ts';

const TITLE = '书法入门第一课';
const BROADCAST_S = 60;
/** The recorder's start after the studio said "on air". */
const RECORDER_STARTS_WITHIN_S = 1;
const JOINS_AT_S = 10;
const LEAVES_AT_S = 30;
/** A machine of two busy cores shows few of a software encoder's and decoder's pictures. */
const LEAST_FRAMES_A_SECOND = 2;
/** The fake camera makes 20 pictures a second, the studio sends 30: each of the camera's is new, the others are repeated. */
const LEAST_SHARE_OF_NEW_PICTURES = 0.6;

describe('the first lecture', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'yike-first-lecture-'));
  const dataDir = path.join(root, 'data');
  const backup = path.join(root, 'backup');
  let product: StartedProduct;
  let browser: Browser;
  let lecturer: Lecturer;
  let resident: Resident;
  let resident2: Resident;
  let admin: Administrator;
  let lecture: Lecture;
  let onAirAtMs = 0;
  let courseId = '';
  let certificateNumber = '';
  /** What axe found, by page. */
  const barriers: Record<string, string[]> = {};
  const checkBarriers = async (name: string, visitor: Visitor): Promise<void> => {
    barriers[name] = await visitor.barriers();
  };

  beforeAll(async () => {
    chmodSync(root, 0o755); // Started as root, the product's parts run as `nobody`.
    [product, browser] = await Promise.all([startProduct({ dataDir }), launchBrowser()]);
    lecturer = await Lecturer.arrive(browser, product.origin);
    resident = await Resident.arrive(browser, product.origin, 'resident');
    resident2 = await Resident.arrive(browser, product.origin, 'resident2');
    admin = await Administrator.arrive(browser, product.origin);
  });
  afterAll(async () => {
    await browser.close();
    await product.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('is planned by the lecturer, and residents see it at home', async () => {
    lecture = await lecturer.plan(TITLE);
    await checkBarriers('studio list', lecturer.visitor);
    await resident.visitor.open('/');
    expect(await resident.page.getByText(TITLE).count()).toBeGreaterThan(0);
    await checkBarriers('home', resident.visitor);
  });

  it('goes on air in two clicks', async () => {
    onAirAtMs = await lecturer.goOnAir(TITLE);
    await checkBarriers('studio on air', lecturer.visitor);
  });

  it('is seen and heard by a resident who joins after 10 s and leaves at 30 s', async () => {
    const { page } = resident;
    await secondsAfter(onAirAtMs, JOINS_AT_S);
    await resident.watchLive(lecture.id);
    await watchFrames(page);
    await secondsAfter(onAirAtMs, LEAVES_AT_S - 3);
    const [frames, media] = [await seenFrames(page), await received(page)];
    await secondsAfter(onAirAtMs, LEAVES_AT_S);
    await page.locator('nav a[href="/"]:visible').first().click();
    await page.waitForURL(({ pathname }) => pathname === '/');
    const changed = frames.filter(({ change }) => change !== null && change > 0);
    expect(frames.length).toBeGreaterThan(LEAST_FRAMES_A_SECOND * (LEAVES_AT_S - JOINS_AT_S - 5));
    expect(changed.length / (frames.length - 1)).toBeGreaterThan(LEAST_SHARE_OF_NEW_PICTURES);
    expect(media.audioSeconds).toBeGreaterThan(12);
    expect(media.audioEnergy / media.audioSeconds).toBeGreaterThan(1e-4);
  });

  it('gives one clock to a resident with two tabs: the older one is told', async () => {
    await resident2.watchLive(lecture.id);
    await checkBarriers('live room', resident2.visitor);
    await resident2.page.getByTestId('truth-watched').waitFor();
    const second = await resident2.visitor.newTab();
    await resident2.watchLive(lecture.id, second);
    await resident2.page.getByTestId('lease-lost').waitFor();
    expect(
      await resident2.page.locator('video').evaluate((video) => (video as HTMLVideoElement).paused),
    ).toBe(true);
    await second.getByTestId('truth-watched').waitFor();
    await second.close();
    await resident2.visitor.open('/');
  });

  it('is a replay the moment it ends, as long as the broadcast', async () => {
    await secondsAfter(onAirAtMs, BROADCAST_S);
    const ended = await lecturer.endNow();
    courseId = ended.courseId;
    const { units } = await resident.visitor.read(getCourse, { courseId });
    expect(units).toHaveLength(1);
    expect(units[0]!.durationMs).toBeGreaterThan((BROADCAST_S - 1) * 1000);
    // The recording's clock begins with its first media, which may be a moment after the studio says "on air".
    expect(units[0]!.watched[0]!.fromMs).toBeGreaterThan((JOINS_AT_S - RECORDER_STARTS_WITHIN_S) * 1000);
    expect(units[0]!.completed).toBe(false);
  });

  it('does not complete for one who seeks to the end at once, who is told why', async () => {
    await resident2.watchCourse(courseId);
    const { units } = await resident2.visitor.read(getCourse, { courseId });
    await resident2.seek(units[0]!.durationMs / 1000 - 2);
    const notice = resident2.page.getByTestId('not-completed');
    await notice.waitFor();
    await eventually('what is missing is said', async () => /还差|还有|没看/.test(await notice.innerText()));
    await checkBarriers('player at the end', resident2.visitor);
    const course = await resident2.visitor.read(getCourse, { courseId });
    expect(course.units[0]!.completed).toBe(false);
    expect((await resident2.visitor.read(listMyCertificates)).items).toEqual([]);
    expect((await resident2.visitor.read(listStatement)).items).toEqual([]);
  });

  it('is completed by the resident who plays the missing parts of the replay', async () => {
    const { page } = resident;
    const { durationMs } = (await resident.visitor.read(getCourse, { courseId })).units[0]!;
    await resident.watchCourse(courseId);
    await resident.seek(0);
    await resident.waitPosition(JOINS_AT_S + 3, { timeoutMs: 40_000 });
    await resident.seek(LEAVES_AT_S - 1);
    await page.getByTestId('completed').waitFor({ timeout: durationMs + 60_000 });
    await checkBarriers('player completed', resident.visitor);
    const { units } = await resident.visitor.read(getCourse, { courseId });
    expect(units[0]!.completed).toBe(true);
  });

  it('posts the class time once, sums zero, chain verified', async () => {
    const { units } = await resident.visitor.read(getCourse, { courseId });
    const { items } = await resident.visitor.read(listStatement);
    const posted = items.filter(({ asset }) => asset === 'class-time');
    expect(posted.map(({ kind, amount }) => ({ kind, amount }))).toEqual([
      { kind: 'accrue', amount: units[0]!.grantsSeconds },
    ]);
    const audit = await admin.visitor.read(auditLedger);
    expect(audit.chain).toMatchObject({ verified: true, brokenAt: null });
    expect(audit.chain.checkedEntries).toBeGreaterThan(0);
    for (const { sum } of audit.sums) expect(sum).toBe(0);
  });

  it('counts no second twice, whatever was open', async () => {
    expect(await doublyCountedMs(product.ownerUrl)).toBe(0);
    for (const { visitor } of [resident, resident2]) {
      const { items } = await visitor.read(listViewingSessions);
      for (const session of items) {
        expect(session.sums.reduce((sum, { ms }) => sum + ms, 0)).toBe(session.lengthMs);
      }
    }
    await resident.visitor.open('/mine/account');
    await checkBarriers('account', resident.visitor);
  });

  it('gives a certificate that anyone finds valid', async () => {
    const { items } = await resident.visitor.read(listMyCertificates);
    expect(items).toHaveLength(1);
    certificateNumber = items[0]!.number;
    await expectValidCertificate();
  });

  it('has an attendance page that equals an independent sum to the second', async () => {
    await resident.visitor.open('/');
    await resident2.visitor.open('/');
    const summed = await sumAttendance(product.ownerUrl, lecture.id);
    expect(summed).toHaveLength(2);
    expect(Math.min(...summed.map(({ live }) => live))).toBeGreaterThan(0);
    expect(await admin.attendance(lecture.id)).toEqual(
      summed.toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1)),
    );
    await checkBarriers('attendance', admin.visitor);
  });

  it('left no error in any console', () => {
    const visitors = [lecturer.visitor, resident.visitor, resident2.visitor, admin.visitor];
    expect(visitors.flatMap(({ troubles }) => troubles)).toEqual([]);
  });

  it('is all there after Ctrl-C and a new start', async () => {
    await expectAllThere(async () => {
      expect(await product.stop()).toBe(0);
      return startProduct({ dataDir });
    });
  });

  it('is all there on an empty machine, from the backup and the object storage', async () => {
    await runOnData('backup', dataDir, backup);
    await expectAllThere(async () => {
      expect(await product.stop()).toBe(0);
      const empty = path.join(root, 'empty');
      cpSync(path.join(dataDir, 's3'), path.join(empty, 's3'), { recursive: true });
      console.log((await runOnData('restore', empty, backup)).trim().split('\n').slice(-4).join('\n'));
      return startProduct({ dataDir: empty });
    });
    const { chain, sums } = await (
      await Administrator.arrive(browser, product.origin)
    ).visitor.read(auditLedger);
    expect(chain).toMatchObject({ verified: true, brokenAt: null });
    for (const { sum } of sums) expect(sum).toBe(0);
  });

  it('has no barrier on any page that was visited', () => {
    expect(Object.entries(barriers).filter(([, found]) => found.length > 0)).toEqual([]);
    expect(Object.keys(barriers).length).toBeGreaterThanOrEqual(9);
  });

  /** The resident's statement, everyone's attendance, the certificate, and a replay that plays. */
  async function expectAllThere(startAnew: () => Promise<StartedProduct>): Promise<void> {
    const statement = await resident.visitor.read(listStatement);
    const attendance = await sumAttendance(product.ownerUrl, lecture.id);
    product = await startAnew();
    resident = await Resident.arrive(browser, product.origin, 'resident');
    expect(await resident.visitor.read(listStatement)).toEqual(statement);
    expect(await sumAttendance(product.ownerUrl, lecture.id)).toEqual(attendance);
    await expectValidCertificate();
    await resident.watchCourse(courseId);
    await resident.waitPosition(2, { timeoutMs: 20_000 });
    await resident.visitor.open('/');
  }

  async function expectValidCertificate(): Promise<void> {
    const stranger = await Visitor.arrive(browser, product.origin);
    try {
      await stranger.open(`/verify/${certificateNumber}`);
      expect(await stranger.page.locator('h1').innerText()).toBe('真实有效');
      await checkBarriers('certificate', stranger);
      const check = await stranger.read(checkCertificate, { number: certificateNumber });
      expect(check).toMatchObject({ status: 'valid', signatureValid: true, courseTitle: TITLE });
    } finally {
      await stranger.leave();
    }
  }
});
