import { listViewingSessions } from '@yike/contracts/http/viewing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { launchBrowser, PHONE } from './support/browser.ts';
import { FAKE_CAMERA } from './support/fake-camera.ts';
import { Lecturer } from './support/lecturer.ts';
import { eventually, secondsAfter } from './support/moments.ts';
import { SeparateNetwork } from './support/network.ts';
import { Resident } from './support/resident.ts';
import { countStalls, heard } from './support/sound-watch.ts';

const KILOBITS = 64;
const LOST_PERCENT = 5;
/** `YIKE_THIN_LINE_SECONDS=180` listens for the three minutes of the goal. */
const LISTENS_S = Number(process.env.YIKE_THIN_LINE_SECONDS ?? 60);
const MOST_STALLS = 2;
const JUDGED_AFTER_S = 15;
/** On a first visit 170 kB of page and scripts come before all else: 21 s without a loss, and half of the requests have one. */
const PAGE_WITHIN_MS = 100_000;
/** From the press of Play to three seconds of sound. */
const SOUND_WITHIN_MS = 40_000;
/** From the moment that the line becomes thin under a picture. */
const GIVES_UP_PICTURE_WITHIN_MS = 10_000;
const PICTURE_RETURNS_WITHIN_MS = 10_000;

const title = '一根细线也听得清';
let network: SeparateNetwork;
let product: StartedProduct;
let browser: Browser;
let inside: Browser;
let origin = '';
let lectureId = '';
let resident: Resident;
let page: Page;
let isNarrow = false;

beforeAll(async () => {
  network = await SeparateNetwork.create();
  const env = { RTC_LISTEN_IP: '0.0.0.0', RTC_ANNOUNCED_ADDRESS: SeparateNetwork.pagesAddress };
  [product, browser, inside] = await Promise.all([
    startProduct({ env }),
    launchBrowser(),
    launchBrowser({ network }),
  ]);
  const lecturer = await Lecturer.arrive(browser, product.origin, { initScript: FAKE_CAMERA });
  ({ id: lectureId } = await lecturer.plan(title));
  await lecturer.goOnAir(title);
  // A name that is secure: as on a real site, scripts come in brotli.
  origin = await network.reachSecurely(product.origin);
});
afterAll(async () => {
  await inside.close();
  await browser.close();
  await product.stop();
  await network.remove();
});

/** Each comes as another resident, so that nobody's earlier visit is judged in between. */
async function arrive(account: 'resident' | 'resident2'): Promise<void> {
  resident = await Resident.arrive(inside, origin, account, { viewport: PHONE });
  page = resident.page;
}
afterEach(async () => {
  await widen();
  await resident.visitor.leave();
});

async function narrow(): Promise<void> {
  isNarrow = true;
  await network.rate('pages', KILOBITS);
  await network.lose('pages', LOST_PERCENT);
}

async function widen(): Promise<void> {
  if (!isNarrow) return;
  isNarrow = false;
  await network.lose('pages', 0);
  await network.unblock('pages');
}

/** Milliseconds of all sessions of the resident that count, and that do not; without what is still pending. */
async function verdicts(): Promise<{ counted: number; lost: number }> {
  const { items } = await resident.visitor.read(listViewingSessions);
  const sum = { counted: 0, lost: 0 };
  for (const { reason, ms } of items.flatMap(({ sums }) => sums)) {
    if (reason === 'counted' || reason === 'repeat') sum.counted += ms;
    else if (reason !== 'pending') sum.lost += ms;
  }
  return sum;
}

/** Listens for so long: seldom a break, the cover in the picture's place, and the time counts. */
async function listen(seconds: number): Promise<void> {
  // What was before has been judged by then.
  await secondsAfter(Date.now(), JUDGED_AFTER_S);
  const before = await verdicts();
  const { stalls, silentMs } = await countStalls(page, seconds);
  console.log(`${seconds} s of sound: ${stalls} stalls, ${silentMs} ms of silence in all`);
  expect(stalls).toBeLessThanOrEqual(MOST_STALLS);
  await expectCover();
  const enough = async () => (await verdicts()).counted - before.counted > seconds * 800;
  await eventually(`${seconds * 0.8} s more that count`, enough, 30_000);
  expect((await verdicts()).lost - before.lost).toBeLessThan(seconds * 200);
}

/** The page says what is on, and the lecture's cover stands where the picture would. */
async function expectCover(): Promise<void> {
  await page.getByRole('heading', { name: title }).waitFor();
  const size = await page.locator('section svg[viewBox="0 0 160 90"]').boundingBox();
  expect(size?.width).toBeGreaterThan(PHONE.width / 2);
  expect(size?.height).toBeGreaterThan(PHONE.width / 4);
}

const soundAlone = () => page.locator('[data-testid=line][data-picture=false][data-because=thin]');

describe(`a lecture over ${KILOBITS} kbit/s with ${LOST_PERCENT} % loss`, () => {
  it('is heard on a first visit, without a choice made', async () => {
    await arrive('resident');
    await page.goto('about:blank');
    await (await page.context().newCDPSession(page)).send('Network.clearBrowserCache');
    await narrow();
    const comesAtMs = Date.now();
    await page.goto(new URL(`/live/${lectureId}`, resident.visitor.origin).href, {
      waitUntil: 'commit',
      timeout: PAGE_WITHIN_MS,
    });
    await expectCover();
    console.log(`title and cover ${Date.now() - comesAtMs} ms after coming`);
    await page.locator('html[data-alive]').waitFor({ state: 'attached', timeout: PAGE_WITHIN_MS });
    const pressedAtMs = Date.now();
    await page.getByTestId('play').click();
    await soundAlone().waitFor();
    await heard(page, SOUND_WITHIN_MS);
    console.log(
      `Play ${pressedAtMs - comesAtMs} ms after coming, heard ${Date.now() - pressedAtMs} ms later`,
    );
    await listen(LISTENS_S);
  });

  it('is heard when the line becomes thin in mid-lecture, and the picture comes back by a button', async () => {
    await arrive('resident2');
    await resident.watchLive(lectureId);
    await eventually('time counts', async () => (await verdicts()).counted > 0);
    await narrow();
    const cutAtMs = Date.now();
    await soundAlone().waitFor({ timeout: GIVES_UP_PICTURE_WITHIN_MS });
    await heard(page, SOUND_WITHIN_MS);
    console.log(`heard ${Date.now() - cutAtMs} ms after the line became thin`);
    await listen(LISTENS_S / 2);
    await widen();
    await page.getByTestId('try-picture').click();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0, undefined, {
      timeout: PICTURE_RETURNS_WITHIN_MS,
    });
  });
});
