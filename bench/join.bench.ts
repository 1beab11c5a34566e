import { getLecture } from '@yike/contracts/http/lectures';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../e2e/support/browser.ts';
import { FAKE_CAMERA } from '../e2e/support/fake-camera.ts';
import { Lecturer } from '../e2e/support/lecturer.ts';
import { Resident } from '../e2e/support/resident.ts';
import { startProduct } from '../scripts/testing/product.ts';
import { findFfmpeg } from '../scripts/setup/programs.ts';
import type { BenchLine } from './bench.ts';
import { bundle } from './join/bundle.ts';
import { JanusServer, MOUNTPOINTS } from './join/janus.ts';
import { median, quantile } from './median.ts';

const JOINS = 50;
const WARM_UP = 2;
const GOAL = 0.6;
/** Of Janus' source: joins come at any moment between two. */
const KEY_FRAMES_EVERY_MS = 1_000;
export const timeLimitMs = 240_000;

/** Joins one after another, ms each. */
type JoinOnce = (...given: unknown[]) => Promise<number>;
type Side = 'room' | 'janus' | 'janusWithKeptKeyFrame';

/**
 * From nothing to the first decoded picture, in Chromium, over the loopback: our room (ticket, socket, transport, media) and Janus' streaming
 * plugin (socket, session, offer, answer, media), in turn, each by a thin page. Ours asks the publisher for a key frame; Janus waits for the next, which
 * its source sends each second.
 */
export default async function join(): Promise<BenchLine> {
  const janus = await JanusServer.start(findFfmpeg());
  const [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  try {
    const lecturer = await Lecturer.arrive(browser, product.origin, { initScript: FAKE_CAMERA });
    const { id } = await lecturer.plan('join');
    await lecturer.goOnAir('join');
    const { visitor } = await Resident.arrive(browser, product.origin);
    const { broadcastId } = await visitor.read(getLecture, { lectureId: id });

    // The product's pages allow no foreign script: this one is a page of its origin, without its rules.
    const cookies = await visitor.context.cookies();
    const context = await browser.newContext({ bypassCSP: true });
    await context.addCookies(cookies);
    const [room, other] = [await context.newPage(), await context.newPage()];
    for (const page of [room, other]) await page.goto(`${product.origin}/health`);
    await room.addScriptTag({ content: await bundle('room-page.ts') });
    await other.addScriptTag({ content: await bundle('janus-page.ts') });

    const sides: Record<Side, () => Promise<number>> = {
      room: () => joinOnce(room, broadcastId),
      janus: () => joinOnce(other, janus.url, MOUNTPOINTS.plain),
      janusWithKeptKeyFrame: () => joinOnce(other, janus.url, MOUNTPOINTS.keptKeyFrame),
    };
    const took: Record<Side, number[]> = { room: [], janus: [], janusWithKeptKeyFrame: [] };
    for (let round = 0; round < JOINS + WARM_UP; round += 1) {
      for (const side of ['room', 'janus', 'janusWithKeptKeyFrame'] as const) {
        const ms = await sides[side]();
        if (round >= WARM_UP) took[side].push(ms);
        await room.waitForTimeout(Math.random() * KEY_FRAMES_EVERY_MS);
      }
    }
    return lineOf(took);
  } finally {
    await browser.close();
    await product.stop();
    await janus.stop();
  }
}

const joinOnce = (page: Page, ...given: unknown[]): Promise<number> =>
  page.evaluate((all) => (globalThis as unknown as { joinOnce: JoinOnce }).joinOnce(...all), given);

function lineOf(took: Record<Side, number[]>): BenchLine {
  const p95 = (side: Side): number => quantile(took[side], 0.95);
  const ratio = Math.round((p95('room') / p95('janus')) * 100) / 100;
  const said = (side: Side) => ({ p50Ms: Math.round(median(took[side])), p95Ms: Math.round(p95(side)) });
  return {
    name: 'join',
    value: ratio,
    unit: `x of Janus, join to the first decoded picture, p95 of ${JOINS} joins`,
    goal: `at most ${GOAL} x`,
    ok: ratio <= GOAL,
    details: {
      room: said('room'),
      janus: said('janus'),
      janusWithKeptKeyFrame: said('janusWithKeptKeyFrame'),
    },
  };
}
