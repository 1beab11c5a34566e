import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { freeBytes, spoolUsage } from './spool-usage.ts';

const spool = mkdtempSync(path.join(tmpdir(), 'yike-spool-'));
afterAll(() => rmSync(spool, { recursive: true }));

it('counts what waits, and nothing else', async () => {
  expect(await spoolUsage(spool)).toEqual({ objects: 0, bytes: 0, oldestMs: null });
  const track = path.join(spool, 'recordings', 'one', '1000', 'video');
  mkdirSync(track, { recursive: true });
  writeFileSync(path.join(track, 'init.mp4'), Buffer.alloc(10));
  writeFileSync(path.join(track, '0.m4s'), Buffer.alloc(100));
  writeFileSync(path.join(track, '..', 'journal.jsonl'), 'no media');
  utimesSync(path.join(track, '0.m4s'), 1_000, 1_000);
  expect(await spoolUsage(spool)).toEqual({ objects: 2, bytes: 110, oldestMs: 1_000_000 });
});

it('knows the room that is left, and says where there is no folder', async () => {
  expect(await freeBytes(spool)).toBeGreaterThan(0);
  await expect(freeBytes(path.join(spool, 'gone'))).rejects.toThrow('ENOENT');
});
