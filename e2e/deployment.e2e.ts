import { request } from 'node:https';
import tls from 'node:tls';
import { getCourse } from '@yike/contracts/http/library';
import type { Lecture } from '@yike/contracts/http/lectures';
import { type Problem, problem } from '@yike/contracts/problem';
import type { Browser } from 'playwright-core';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doublyCountedMs, sumAttendance } from './support/attendance.ts';
import { launchBrowser } from './support/browser.ts';
import { type Deployment, startDeployment } from './support/deployment.ts';
import { ForgedClient } from './support/forged-client.ts';
import { Lecturer } from './support/lecturer.ts';
import { secondsAfter } from './support/moments.ts';
import { ReplayReader } from './support/replay-reader.ts';
import { Resident } from './support/resident.ts';

const TITLE = '在真实部署上的一课';
const WATCHED_LIVE_S = 15;
/** A beat of this length, as a player makes them. */
const BEAT_MS = 4_000;
/** Spans end where a segment ends; the session begins a moment before the first claim. */
const SLACK_MS = 1_500;

describe('a deployment for real, by hand', () => {
  let deployment: Deployment;
  let browser: Browser;
  let lecturer: Lecturer;
  let resident: Resident;
  let lecture: Lecture;
  let courseId = '';
  const passwords = { lecturer: '', resident: '' };
  const trusted = tls.getCACertificates('default');

  beforeAll(async () => {
    // The authority is of this deployment alone: the browser is told to believe it here, this process by its certificate.
    [deployment, browser] = await Promise.all([
      startDeployment(),
      launchBrowser({ switches: ['--ignore-certificate-errors'] }),
    ]);
    passwords.lecturer = deployment.addAccount('lecturer', 'lecturer');
    passwords.resident = deployment.addAccount('resident', 'resident');
  });
  afterAll(async () => {
    tls.setDefaultCACertificates(trusted);
    await browser.close();
    await deployment.stop();
  });

  it('speaks TLS by an authority of its own, and offers HTTP/3', async () => {
    await expect(fetch(deployment.origin)).rejects.toThrow('fetch failed');
    tls.setDefaultCACertificates([...trusted, deployment.authority]);
    const { headers, rawHeaders } = await head(new URL('/', deployment.origin));
    expect(headers['alt-svc']).toContain('h3=');
    expect(headers.server).toBeUndefined();
    expect(headers['strict-transport-security']).toBeDefined();
    const once = [
      'strict-transport-security',
      'content-security-policy',
      'x-frame-options',
      'x-content-type-options',
    ];
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    for (const name of once) expect([name, names.filter((each) => each === name).length]).toEqual([name, 1]);
  });

  it.each(['/metrics', '/health', '/ready'])('keeps %s to the house', async (path) => {
    expect((await fetch(new URL(path, deployment.origin))).status).toBe(404);
    expect((await fetch(new URL(path, deployment.nodes[0]))).status).toBe(200);
  });

  it('believes no visitor about where they come from, and changes no object', async () => {
    const claims = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '10.0.0.1',
    };
    const page = await fetch(new URL('/', deployment.origin), { headers: claims });
    expect(await page.text()).not.toContain('evil.example');
    expect(page.headers.get('strict-transport-security')).not.toBeNull();
    const put = await fetch(new URL('/yike/recordings/x', deployment.origin), { method: 'PUT', body: 'x' });
    expect(put.status).toBe(405);
    const unsigned = await fetch(new URL('/yike/recordings/x', deployment.origin));
    expect(unsigned.status).toBe(403);
    expect((await fetch(new URL('/media/postgres/x', deployment.origin))).status).toBe(404);
    // The cache for live parts is not there, as without its profile: the media node itself answers.
    const part = await fetch(new URL('/media/media/hls/none/none/1/video/1.m4s', deployment.origin));
    expect(part.status).toBe(404);
  });

  it('carries a broadcast: on air, watched live, and a replay the moment it ends', async () => {
    const { origin } = deployment;
    lecturer = await Lecturer.arrive(browser, origin, { password: passwords.lecturer });
    resident = await Resident.arrive(browser, origin, 'resident', { password: passwords.resident });
    lecture = await lecturer.plan(TITLE);
    await lecturer.goOnAir(TITLE);
    await resident.watchLive(lecture.id);
    const beganAtMs = Date.now();
    const socketsOfMedia = await resident.page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes('/media/media/'))
        .map(({ name }) => name),
    );
    expect(socketsOfMedia).toEqual([]); // A WebSocket from the start: nothing was polled.
    await secondsAfter(beganAtMs, WATCHED_LIVE_S);
    ({ courseId } = await lecturer.endNow());
    await resident.watchCourse(courseId);
    await resident.waitPosition(3, { timeoutMs: 20_000 });
    await resident.visitor.leave();
    expect(lecturer.visitor.troubles).toEqual([]);
    expect(resident.visitor.troubles).toEqual([]);
  });

  it('beats of one session through both nodes, each beat through each, are one verdict', async () => {
    const [here, there] = await onBothNodes();
    const { units } = await here.get(getCourse, { courseId });
    const client = await ForgedClient.begin(here, units[0]!.id);
    const other = client.through(there);
    const video = await client.segments('video');
    const audio = await client.segments('audio');
    const lengthMs = video.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const proofs = [];
    for (const segment of [...video, ...audio]) proofs.push(await client.fetchWhole(segment));
    const beganMs = client.clockMs;
    for (let atMs = 0; atMs + BEAT_MS <= lengthMs; atMs += BEAT_MS) {
      await secondsAfter(Date.now() - client.clockMs + beganMs, (atMs + BEAT_MS) / 1000);
      const clock = { fromMs: beganMs + atMs, toMs: beganMs + atMs + BEAT_MS };
      const beat = client.claim(clock, { fromMs: atMs, toMs: atMs + BEAT_MS }, proofs.splice(0, 100));
      const acknowledged = await Promise.all([client.send([beat]), other.send([beat])]);
      expect(acknowledged[0].acknowledged).toEqual(acknowledged[1].acknowledged);
    }
    const playedMs = Math.floor(lengthMs / BEAT_MS) * BEAT_MS;
    other.disconnect();
    const sums = await client.leave();
    // What was seen live already is a repeat now; together it is the session, once.
    expect((sums.counted ?? 0) + (sums.repeat ?? 0)).toBeGreaterThanOrEqual(playedMs - SLACK_MS);
    expect((sums.counted ?? 0) + (sums.repeat ?? 0)).toBeLessThanOrEqual(playedMs);
    expect(await doublyCountedMs(deployment.ownerUrl)).toBe(0);
    const [row] = await sumAttendance(deployment.ownerUrl, lecture.id);
    expect(row).toMatchObject({ displayName: 'resident' });
    expect(row!.live).toBeGreaterThan(WATCHED_LIVE_S / 2);
    expect(row!.merged).toBeLessThanOrEqual(Math.ceil(lengthMs / 1000));
    expect(row!.posted).toBeGreaterThan(0);
  });

  it('one node stops: pages and sockets go on at the other', async () => {
    const [here] = await onBothNodes();
    await deployment.stopNode(0);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fetch(new URL('/api/me', deployment.origin))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const socket = io(deployment.origin, {
      path: '/api/socket.io',
      transports: ['websocket'],
      extraHeaders: { cookie: here.cookie, origin: deployment.origin },
      forceNew: true,
    });
    await expect.poll(() => socket.connected, { timeout: 10_000 }).toBe(true);
    socket.disconnect();
  });

  it('both nodes stop: the proxy says in the API’s words when to come again', async () => {
    await deployment.stopNode(1);
    const answer = await fetch(new URL('/api/me', deployment.origin));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const said = (await answer.json()) as Problem;
    expect(said).toEqual(
      problem('service-unavailable', 'This part is starting again.', { retryAfterSeconds: 2 }),
    );
  });

  /** The resident on two devices, whose requests the proxy gives to one node each. */
  async function onBothNodes(): Promise<[ReplayReader, ReplayReader]> {
    const signIn = () => ReplayReader.signedIn(deployment.origin, 'resident', passwords.resident);
    const nodeOf = ({ cookie }: ReplayReader): string | undefined => /yike_node=([^;]+)/.exec(cookie)?.[1];
    const first = await signIn();
    for (let tries = 0; tries < 20; tries += 1) {
      const second = await signIn();
      if (nodeOf(second) !== nodeOf(first)) return [first, second];
    }
    throw new Error('the proxy gives everything to one node');
  }
});

/** A request whose headers are not folded into one. */
function head(url: URL): Promise<{ headers: NodeJS.Dict<string | string[]>; rawHeaders: string[] }> {
  return new Promise((resolve, reject) => {
    request(url, (answer) => {
      answer.resume();
      resolve(answer);
    })
      .on('error', reject)
      .end();
  });
}
