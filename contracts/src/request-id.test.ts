import { expect, it } from 'vitest';
import { readRequestId } from './request-id.ts';

it.each([
  { name: 'a UUID', said: '01936f00-0000-7000-8000-000000000001', isOne: true },
  { name: 'a message of a socket', said: '01936f00-0000-7000-8000-000000000001.12', isOne: true },
  { name: 'eight characters', said: 'abcdefgh', isOne: true },
  { name: 'seven', said: 'abcdefg', isOne: false },
  { name: '65', said: 'a'.repeat(65), isOne: false },
  { name: 'a line end', said: 'abcdefgh\nlevel=50', isOne: false },
  { name: 'JSON', said: '{"a":"bcdefgh"}', isOne: false },
  { name: 'two headers', said: ['abcdefgh', 'abcdefgh'], isOne: false },
  { name: 'nothing', said: undefined, isOne: false },
])('$name', ({ said, isOne }) => expect(readRequestId(said)).toBe(isOne ? said : undefined));
