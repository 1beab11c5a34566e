import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Lecture } from '@yike/contracts/http/lectures';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { launchBrowser } from './support/browser.ts';
import { Lecturer } from './support/lecturer.ts';
import { secondsAfter } from './support/moments.ts';
import { Resident } from './support/resident.ts';
import { type SecretsSeen, watchSecrets } from './support/secrets-seen.ts';

const TITLE = '看得见的日志';

describe('the logs of a broadcast', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'yike-logs-'));
  let product: StartedProduct;
  let browser: Browser;
  let lecturer: Lecturer;
  let resident: Resident;
  let lecture: Lecture;
  const seen: SecretsSeen[] = [];
  const cookies: string[] = [];

  beforeAll(async () => {
    chmodSync(dataDir, 0o755); // Started as root, the product's parts run as `nobody`.
    const env = { LOG_LEVEL: 'trace' };
    [product, browser] = await Promise.all([startProduct({ dataDir, env }), launchBrowser()]);
    lecturer = await Lecturer.arrive(browser, product.origin);
    resident = await Resident.arrive(browser, product.origin);
    seen.push(watchSecrets(lecturer.visitor.page), watchSecrets(resident.page));

    lecture = await lecturer.plan(TITLE);
    const onAirAtMs = await lecturer.goOnAir(TITLE);
    await resident.watchLive(lecture.id);
    await secondsAfter(onAirAtMs, 14);
    const { courseId } = await lecturer.endNow();
    await resident.watchCourse(courseId);
    await resident.waitPosition(6, { timeoutMs: 30_000 });
    for (const { visitor } of [lecturer, resident])
      cookies.push(...(await visitor.context.cookies()).map(({ value }) => value));
    await browser.close();
    await product.stop(); // What is still to be said is written by then.
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const logs = (): { name: string; text: string }[] =>
    readdirSync(path.join(dataDir, 'logs')).map((name) => ({
      name,
      text: readFileSync(path.join(dataDir, 'logs', name), 'utf8'),
    }));
  const linesOf = (part: string): Record<string, unknown>[] =>
    logs()
      .filter(({ name }) => name.startsWith(`${part}.log`))
      .flatMap(({ text }) => text.trim().split('\n'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('are JSON, and say much', () => {
    expect(logs().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['api.log', 'media.log', 'postgres.log']),
    );
    for (const part of ['api', 'media']) expect(linesOf(part).length).toBeGreaterThan(30);
  });

  it('hold nothing that could let someone in, and nobody’s name', () => {
    const secrets = seen.flatMap((each) => [...each.secrets]);
    const sessions = cookies.filter((value) => value.length >= 20);
    expect(sessions.length).toBeGreaterThanOrEqual(2);
    for (const kind of [/^eyJ/, /^[0-9a-f]{64}$/, /^[\w-]{43}$/])
      expect(
        secrets.some((secret) => kind.test(secret)),
        String(kind),
      ).toBe(true);
    const kept = Object.values(
      JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>,
    );
    const private_ = [...secrets, ...sessions, ...kept, 'yike-demo', '李秀英', '陈老师'];
    for (const { name, text } of logs()) {
      for (const secret of private_) expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
      expect(text, name).not.toMatch(/v1=[0-9a-f]{64}|X-Amz-Signature=|argon2/);
    }
  });

  it('follow a press from the browser to the recorder', () => {
    const [ofLecturer] = seen;
    const pressed = ofLecturer?.requestIds.get(`POST /api/lectures/${lecture.id}/broadcast`);
    expect(pressed).toMatch(/^[0-9a-f]{32}$/);
    const messagesOf = (part: string, requestId: string): unknown[] =>
      linesOf(part)
        .filter((line) => String(line.requestId).startsWith(requestId))
        .map(({ msg }) => msg);
    expect(messagesOf('api', pressed ?? '')).toContain('answered');
    expect(messagesOf('media', pressed ?? '')).toContain('room opened');
    const recorded = [...(ofLecturer?.connectionIds ?? [])].flatMap((id) => messagesOf('media', id));
    expect(recorded).toContain('epoch ended');
  });
});
