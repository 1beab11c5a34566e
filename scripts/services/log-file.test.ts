import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { LogFile } from './log-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'yike-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
const linesOf = (name: string): unknown[] =>
  readFileSync(path.join(folder, `${name}.log`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

it('keeps JSON lines as they are and wraps the others, also when characters come in halves', () => {
  const log = new LogFile({ folder, name: 'mixed' });
  const stream = log.stream();
  const bytes = Buffer.from('{"level":30,"msg":"ready"}\n一课 is up\n\n{broken\nlast');
  stream.write(bytes.subarray(0, 29));
  stream.write(bytes.subarray(29));
  stream.end();
  expect(linesOf('mixed')).toMatchObject([
    { level: 30, msg: 'ready' },
    { name: 'mixed', msg: '一课 is up' },
    { msg: '{broken' },
    { msg: 'last' },
  ]);
});

it('remembers the last error', () => {
  const log = new LogFile({ folder, name: 'errors' });
  const stream = log.stream();
  stream.write(
    '{"level":50,"msg":"cannot start","err":{"message":"port in use"}}\n{"level":30,"msg":"bye"}\n',
  );
  expect(log.lastError).toBe('cannot start: port in use');
  log.forget();
  expect(log.lastError).toBe('');
});

it('is bounded: two files at most', () => {
  const log = new LogFile({ folder, name: 'long', maxBytes: 10_000 });
  const stream = log.stream();
  for (let n = 0; n < 2_000; n += 1) stream.write(`{"n":${n}}\n`);
  const sizes = ['long.log', 'long.log.1'].map((name) => statSync(path.join(folder, name)).size);
  expect(Math.max(...sizes)).toBeLessThan(10_100);
  expect(linesOf('long').at(-1)).toEqual({ n: 1_999 });
});
