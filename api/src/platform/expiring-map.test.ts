import { expect, it } from 'vitest';
import { ExpiringMap } from './expiring-map.ts';

it.each([
  { name: 'just before its end', nowMs: 99, value: 'one' },
  { name: 'at its end', nowMs: 100, value: undefined },
  { name: 'after it', nowMs: 101, value: undefined },
])('remembers $name: $value', ({ nowMs, value }) => {
  const map = new ExpiringMap<string>(2);
  map.set('a', 'one', 100);
  expect(map.get('a', nowMs)).toBe(value);
});

it('forgets the oldest first', () => {
  const map = new ExpiringMap<number>(2);
  map.set('a', 1, 10);
  map.set('b', 2, 10);
  map.set('a', 3, 10);
  map.set('c', 4, 10);
  expect(['a', 'b', 'c'].map((key) => map.get(key, 0))).toEqual([3, undefined, 4]);
});
