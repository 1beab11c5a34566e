import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MediaNodeId } from '@yike/contracts/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../platform/logger.ts';
import { Metrics } from '../platform/metrics.ts';
import { EventOutbox } from './event-outbox.ts';
import { draftOf } from './testing/events.ts';

const joined = draftOf({ type: 'publisher.joined' });
const left = draftOf({ type: 'publisher.left' });
const report = draftOf({ type: 'delivery.report', lines: [] });

let folder: string;
let boxes: EventOutbox[] = [];
const file = () => path.join(folder, 'outbox', 'events.jsonl');
const outbox = () => {
  const config = { SPOOL_DIR: folder, MEDIA_NODE_ID: MediaNodeId.parse('local') };
  const box = new EventOutbox(config, createLog('silent'), new Metrics());
  boxes.push(box);
  return box;
};
const emitAll = async (into: EventOutbox, drafts: (typeof joined)[]) => {
  await Promise.all(drafts.map((draft) => into.emit(draft)));
};
const waiting = (of: EventOutbox) => of.batch().map(({ type, n }) => [type, n]);

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'outbox-'))));
afterEach(async () => {
  for (const box of boxes) await box.close();
  boxes = [];
  rmSync(folder, { recursive: true });
});

describe('the outbox', () => {
  it('numbers in the order of emission', async () => {
    const box = outbox();
    await emitAll(box, [joined, report, left]);
    expect(waiting(box)).toEqual([
      ['publisher.joined', 0],
      ['delivery.report', 1],
      ['publisher.left', 2],
    ]);
    expect(new Set(box.batch().map(({ id }) => id)).size).toBe(3);
  });

  it('has what must arrive on disk when emit resolves, and no delivery report', async () => {
    await emitAll(outbox(), [joined, report]);
    const lines = readFileSync(file(), 'utf8');
    expect(lines).toContain('publisher.joined');
    expect(lines).not.toContain('delivery.report');
  });

  it('gives a killed process its events back, in order, and never a number twice', async () => {
    const killed = outbox();
    await emitAll(killed, [joined, report, left, report]);
    const next = outbox();
    expect(waiting(next)).toEqual([
      ['publisher.joined', 0],
      ['publisher.left', 2],
    ]);
    await next.emit(joined);
    expect(next.batch().at(-1)?.n).toBeGreaterThanOrEqual(4);
    expect(next.batch().slice(0, 2)).toEqual(killed.batch().filter(({ type }) => type !== 'delivery.report'));
  });

  it('skips a torn last line and goes on behind it', async () => {
    await emitAll(outbox(), [joined]);
    const torn = JSON.stringify({ event: outbox().batch()[0] }).slice(0, -20);
    appendFileSync(file(), torn);
    const next = outbox();
    expect(next.depth).toBe(1);
    await next.emit(left);
    expect(waiting(outbox()).map(([type]) => type)).toEqual(['publisher.joined', 'publisher.left']);
  });

  it('skips what is no line of ours', async () => {
    await emitAll(outbox(), [joined]);
    writeFileSync(file(), `\0\0\0\nnull\n{"event":{}}\n${readFileSync(file(), 'utf8')}[]\n`);
    expect(outbox().depth).toBe(1);
  });

  it('lets go of what was accepted, and forgets it on disk', async () => {
    const box = outbox();
    await emitAll(box, [joined, left]);
    await box.accept([box.batch()[0]?.id ?? '']);
    expect(waiting(box)).toEqual([['publisher.left', 1]]);
    await box.close();
    const next = outbox();
    expect(waiting(next)).toEqual([['publisher.left', 1]]);
    await next.emit(joined);
    expect(next.batch().at(-1)?.n).toBe(1000);
  });

  it('keeps also what lives in memory when it is closed in order', async () => {
    const box = outbox();
    await emitAll(box, [report, joined]);
    await box.close();
    expect(waiting(outbox())).toEqual([
      ['delivery.report', 0],
      ['publisher.joined', 1],
    ]);
  });

  it('stays small when many are accepted', async () => {
    const box = outbox();
    for (let i = 0; i < 3; i += 1) {
      await emitAll(
        box,
        Array.from({ length: 150 }, () => joined),
      );
      await box.accept(box.batch().map(({ id }) => id));
    }
    expect(readFileSync(file(), 'utf8').split('\n').length).toBeLessThan(200);
    expect(box.depth).toBe(0);
  });

  it('parks what was refused', async () => {
    const box = outbox();
    await emitAll(box, [joined, left]);
    await box.park(box.batch()[0]?.id ?? '', 'unknown broadcast');
    expect(waiting(box)).toEqual([['publisher.left', 1]]);
    const parked = readFileSync(path.join(folder, 'outbox', 'refused.jsonl'), 'utf8');
    expect(JSON.parse(parked)).toMatchObject({
      reason: 'unknown broadcast',
      event: { type: 'publisher.joined' },
    });
  });

  it('gives up the oldest delivery reports when it is full', async () => {
    const box = outbox();
    await emitAll(box, [joined, ...Array.from({ length: 5000 }, () => report)]);
    expect(box.depth).toBe(5000);
    expect(waiting(box).slice(0, 2)).toEqual([
      ['publisher.joined', 0],
      ['delivery.report', 2],
    ]);
  });
});
