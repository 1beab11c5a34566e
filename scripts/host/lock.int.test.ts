import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { takeLock } from './lock.ts';

it('is one process’s, who is told to others, and free when that process is gone', async () => {
  const name = `锁 ${process.pid}`;
  const code = `
    const { takeLock } = await import(${JSON.stringify(new URL('lock.ts', import.meta.url).href)});
    console.log(JSON.stringify(await takeLock(${JSON.stringify(name)})));`;
  const other = (): unknown =>
    JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));

  expect(other()).toEqual({});
  const mine = await takeLock(name);
  expect(await takeLock(name)).toEqual({ heldBy: process.pid });
  if ('release' in mine) await mine.release();
  expect(other()).toEqual({});
});
