import { expect, it } from 'vitest';
import { isNumberOfMinor } from './age.ts';

const NOW_MS = new Date(2026, 10, 22, 12).getTime();

it.each([
  { name: '18 tomorrow', number: '440305200811230000', minor: true },
  { name: '18 today', number: '440305200811220000', minor: false },
  { name: 'full-width digits', number: '４４０３０５２０１５０１０１００００', minor: true },
  { name: 'spaces', number: '440305 20150101 0000', minor: true },
  { name: 'not finished', number: '4403052015', minor: false },
  { name: 'nothing', number: '', minor: false },
])('$name: $minor', ({ number, minor }) => expect(isNumberOfMinor(number, NOW_MS)).toBe(minor));
