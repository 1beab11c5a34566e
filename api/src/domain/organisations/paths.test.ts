import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  childPath,
  depthOf,
  isWithin,
  labelAfter,
  labelOf,
  lineOf,
  narrowed,
  parentPath,
  rangeOf,
} from './paths.ts';

it.each([
  { name: 'the first', highest: null, next: '00001' },
  { name: 'the next', highest: '00001', next: '00002' },
  { name: 'from digits to letters', highest: '00009', next: '0000a' },
  { name: 'carried', highest: '0000z', next: '00010' },
  { name: 'the last but one', highest: 'zzzzy', next: 'zzzzz' },
])('a label: $name', ({ highest, next }) => expect(labelAfter(highest)).toBe(next));

it('labels sort as they were given', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60_466_174 }), (given) => {
      const label = given.toString(36).padStart(5, '0');
      expect(labelAfter(label) > label).toBe(true);
    }),
  );
});

it('there is none after the last', () => expect(() => labelAfter('zzzzz')).toThrow(RangeError));

it('a path is the labels from the top', () => {
  const path = childPath(childPath(childPath(null, '00001'), '0000a'), '00zz0');
  expect(path).toBe('000010000a00zz0');
  expect(lineOf(path)).toEqual(['00001', '000010000a', path]);
  expect(depthOf(path)).toBe(3);
  expect(labelOf(path)).toBe('00zz0');
  expect(parentPath(path)).toBe('000010000a');
  expect(parentPath('00001')).toBeNull();
});

it.each([
  { name: 'itself', path: '0000100002', scope: '0000100002', isInside: true },
  { name: 'one below', path: '000010000200003', scope: '0000100002', isInside: true },
  { name: 'the highest label below', path: '0000100002zzzzz', scope: '0000100002', isInside: true },
  { name: 'the one above', path: '00001', scope: '0000100002', isInside: false },
  { name: 'its next sibling', path: '0000100003', scope: '0000100002', isInside: false },
  { name: 'one below its sibling', path: '000010000300002', scope: '0000100002', isInside: false },
])('$name: within is the same as in the range', ({ path, scope, isInside }) => {
  const { from, to } = rangeOf(scope);
  expect(isWithin(path, scope)).toBe(isInside);
  expect(path >= from && path < to).toBe(isInside);
});

it.each([
  { name: 'all of what is below', scopes: ['0000100002'], wanted: '00001', left: ['0000100002'] },
  { name: 'the part that is wanted', scopes: ['00001'], wanted: '0000100002', left: ['0000100002'] },
  { name: 'nothing of another branch', scopes: ['0000100002'], wanted: '0000100003', left: [] },
  { name: 'the whole tree narrowed', scopes: [''], wanted: '00001', left: ['00001'] },
  { name: 'nothing wanted in particular', scopes: ['00001', '00004'], wanted: '', left: ['00001', '00004'] },
])('narrowing leaves $name', ({ scopes, wanted, left }) => expect(narrowed(scopes, wanted)).toEqual(left));
