import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LectureId, newId, uuidv7 } from './ids.ts';

describe('uuidv7', () => {
  it('makes valid ids of any time and chance, sorted by time', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 2 });
    const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(time, random, random, (ms, a, b) => {
        const id = uuidv7(ms, a);
        expect(LectureId.safeParse(id).success).toBe(true);
        expect(id < uuidv7(ms + 1, b)).toBe(true);
      }),
    );
  });

  it('never repeats', () => {
    const ids = new Set(Array.from({ length: 1000 }, () => newId(LectureId)));
    expect(ids.size).toBe(1000);
  });
});
