import { setTimeout as sleep } from 'node:timers/promises';
import { getLecture } from '@yike/contracts/http/lectures';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../e2e/support/browser.ts';
import { FAKE_CAMERA } from '../e2e/support/fake-camera.ts';
import { Lecturer } from '../e2e/support/lecturer.ts';
import { Resident } from '../e2e/support/resident.ts';
import { startProduct } from '../scripts/testing/product.ts';
import type { BenchLine } from './bench.ts';
import { bundle } from './join/bundle.ts';
import { JanusServer, MOUNTPOINTS } from './join/janus.ts';
import type { Steps } from './join/steps.ts';
import { median, quantile } from './median.ts';

const JOINS = 50;
const WARM_UP = 2;
const GOAL = 0.6;
/** Who has no picture by then counts as having waited so long. */
const GIVES_UP_AFTER_MS = 5_000;
/** Joins come at any moment of what the lecturers do by themselves; Janus asks once a second at most, so no sooner than that to the same side. */
const PAUSE_MS = { least: 350, more: 500 };
export const timeLimitMs = 300_000;

type Side = 'room' | 'janus' | 'janusWithKeptKeyFrame';
const SIDES: readonly Side[] = ['room', 'janus', 'janusWithKeptKeyFrame'];

/**
 * From nothing to the first decoded picture, in Chromium, over the loopback: our room (ticket, socket, media) and Janus' streaming plugin (socket,
 * session, offer, answer, media), in turn, each by a thin page. Both show the live picture of a Chromium with the same camera, and both ask it for a key
 * frame when somebody joins; Janus' streams come from its video room. Once more with its last key frame kept, which stands still until the next.
 */
export default async function join(): Promise<BenchLine> {
  const janus = await JanusServer.start();
  const [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  try {
    const lecturer = await Lecturer.arrive(browser, product.origin, { initScript: FAKE_CAMERA });
    const { id } = await lecturer.plan('join');
    await lecturer.goOnAir('join');
    const { visitor } = await Resident.arrive(browser, product.origin);
    const { broadcastId } = await visitor.read(getLecture, { lectureId: id });

    // The product's pages allow no foreign script: these are pages of its origin, without its rules.
    const context = await browser.newContext({ bypassCSP: true });
    await context.addCookies(await visitor.context.cookies());
    const page = async (script: string): Promise<Page> => {
      const opened = await context.newPage();
      await opened.addInitScript(FAKE_CAMERA);
      await opened.goto(`${product.origin}/health`);
      await opened.addScriptTag({ content: await bundle(script) });
      return opened;
    };
    const camera = await page('janus-lecturer.ts');
    await camera.evaluate(run, { name: 'publish', given: [janus.url, janus.mountpoints] });
    const [room, other] = [await page('room-page.ts'), await page('janus-page.ts')];

    const joins: Record<Side, Steps[]> = { room: [], janus: [], janusWithKeptKeyFrame: [] };
    const joinOnce: Record<Side, () => Promise<Steps>> = {
      room: () => inTime(room, [broadcastId]),
      janus: () => inTime(other, [janus.url, MOUNTPOINTS.live]),
      janusWithKeptKeyFrame: () => inTime(other, [janus.url, MOUNTPOINTS.keptKeyFrame]),
    };
    for (let round = 0; round < JOINS + WARM_UP; round += 1) {
      for (const side of SIDES) {
        const steps = await joinOnce[side]();
        if (round >= WARM_UP) joins[side].push(steps);
        await sleep(PAUSE_MS.least + Math.random() * PAUSE_MS.more);
      }
    }
    return lineOf(joins);
  } finally {
    await browser.close();
    await product.stop();
    await janus.stop();
  }
}

/** In a page: one of the functions that its script has put there. */
const run = ({ name, given }: { name: string; given: readonly unknown[] }): unknown =>
  (globalThis as unknown as Record<string, (...given: unknown[]) => unknown>)[name]?.(...given);

async function inTime(page: Page, given: readonly unknown[]): Promise<Steps> {
  const joined = page.evaluate(run, { name: 'joinOnce', given }) as Promise<Steps>;
  return Promise.race([joined, sleep(GIVES_UP_AFTER_MS, { picture: GIVES_UP_AFTER_MS }, { ref: false })]);
}

function lineOf(joins: Record<Side, readonly Steps[]>): BenchLine {
  const pictures = (side: Side): number[] => joins[side].map(({ picture }) => picture);
  const p95 = (side: Side): number => quantile(pictures(side), 0.95);
  const ratio = Math.round((p95('room') / p95('janus')) * 100) / 100;
  return {
    name: 'join',
    value: ratio,
    unit: `x of Janus, join to the first decoded picture, p95 of ${JOINS} joins`,
    goal: `at most ${GOAL} x`,
    ok: ratio <= GOAL,
    details: Object.fromEntries(
      SIDES.map((side) => [
        side,
        {
          p50Ms: Math.round(median(pictures(side))),
          p95Ms: Math.round(p95(side)),
          gaveUp: pictures(side).filter((ms) => ms === GIVES_UP_AFTER_MS).length,
          stepsP50Ms: medianSteps(joins[side]),
        },
      ]),
    ),
  };
}

function medianSteps(joins: readonly Steps[]): Record<string, number> {
  const names = [...new Set(joins.flatMap((steps) => Object.keys(steps)))];
  const median50 = (name: string) => median(joins.flatMap((steps) => steps[name] ?? []));
  return Object.fromEntries(names.map((name) => [name, Math.round(median50(name))]));
}
