import { describe, expect, it } from 'vitest';
import { isPlainMessage } from './message-shape.ts';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('a message', () => {
  it.each([
    { name: 'JSON', message: { a: [1, 'x', null, { b: true }] }, plain: true },
    { name: 'nothing', message: undefined, plain: true },
    { name: '__proto__', message: JSON.parse('{"__proto__":{"isAdmin":true}}') as unknown, plain: false },
    {
      name: '__proto__ deep inside',
      message: JSON.parse('{"a":[{"__proto__":1}]}') as unknown,
      plain: false,
    },
    { name: 'constructor', message: { constructor: 1 }, plain: false },
    { name: 'bytes', message: { a: Buffer.from('x') }, plain: false },
    { name: '16 levels', message: nested(16), plain: true },
    { name: '17 levels', message: nested(17), plain: false },
    { name: '30,000 levels', message: nested(30_000), plain: false },
  ])('of $name is plain: $plain', ({ message, plain }) => expect(isPlainMessage(message)).toBe(plain));
});
