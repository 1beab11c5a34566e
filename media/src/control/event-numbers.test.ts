import { describe, expect, it } from 'vitest';
import { EventNumbers } from './event-numbers.ts';

describe('event numbers', () => {
  it('count each broadcast for itself and reserve by blocks', () => {
    const numbers = new EventNumbers();
    expect(numbers.next('a')).toEqual({ n: 0, reserve: { numbersOf: 'a', below: 1000 } });
    expect(numbers.next('a')).toEqual({ n: 1, reserve: undefined });
    expect(numbers.next('b').n).toBe(0);
  });

  it('go on above what an earlier process had reserved', () => {
    const numbers = new EventNumbers();
    numbers.restore('a', 1000);
    numbers.restore('a', 2000);
    numbers.restore('a', 1000);
    expect(numbers.next('a')).toEqual({ n: 2000, reserve: { numbersOf: 'a', below: 3000 } });
  });

  it('remember the broadcasts used last', () => {
    const numbers = new EventNumbers();
    for (let i = 0; i < 600; i += 1) numbers.next(`b${i}`);
    const known = numbers.reservations().map(({ numbersOf }) => numbersOf);
    expect(known).toHaveLength(500);
    expect(known).not.toContain('b99');
    expect(known).toContain('b100');
  });
});
