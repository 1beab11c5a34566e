import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { hashSources, isStamped, stamp } from './stamps.ts';

const root = mkdtempSync(path.join(tmpdir(), 'yike-stamps-'));
const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
};
const hash = (): string => hashSources(root, ['src', 'package.json', 'absent']);
let before: string;

beforeEach(() => {
  rmSync(root, { recursive: true });
  write('src/一.ts', '1');
  write('src/deep/b.ts', '2');
  write('package.json', '{}');
  before = hash();
});
afterAll(() => rmSync(root, { recursive: true }));

it.each([
  { change: 'nothing', act: () => undefined, same: true },
  { change: 'a time', act: () => utimesSync(path.join(root, 'src/一.ts'), 1, 1), same: true },
  { change: 'what is built', act: () => write('src/dist/b.js', '9'), same: true },
  { change: 'a content', act: () => write('src/一.ts', '3'), same: false },
  { change: 'a new file', act: () => write('src/c.ts', ''), same: false },
  { change: 'a single file', act: () => write('package.json', '{"a":1}'), same: false },
  {
    change: 'a name',
    act: () => renameSync(path.join(root, 'src/一.ts'), path.join(root, 'src/二.ts')),
    same: false,
  },
])('$change: same hash $same', ({ act, same }) => {
  act();
  expect(hash() === before).toBe(same);
});

it('knows what was stamped', () => {
  const file = path.join(root, 'dist', '.stamp');
  expect(isStamped(file, before)).toBe(false);
  stamp(file, before);
  expect(isStamped(file, before)).toBe(true);
  expect(isStamped(file, 'other')).toBe(false);
});
