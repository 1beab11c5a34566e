import { expect, it } from 'vitest';
import { problemNumber } from './problem-number.ts';

const requestId = '0123456789abcdef0123456789abcdef';

it.each([
  { name: 'a failure of ours', problem: { status: 500, requestId }, number: '01234567' },
  { name: 'a part that is away', problem: { status: 503, requestId }, number: '01234567' },
  { name: 'a refusal', problem: { status: 499, requestId }, number: undefined },
  { name: 'a failure without an id', problem: { status: 500 }, number: undefined },
])('$name: $number', ({ problem, number }) => expect(problemNumber(problem)).toBe(number));
