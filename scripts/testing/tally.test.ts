import { expect, it } from 'vitest';
import { type Report, sum, tally } from './tally.ts';

const file = (status: string, ...cases: string[]): Report['testResults'][number] => ({
  status,
  assertionResults: cases.map((each) => ({ status: each })),
});

it.each([
  { name: 'all passed', files: [file('passed', 'passed', 'passed')], exit: 0, passed: 2, failed: 0 },
  { name: 'one failed', files: [file('failed', 'passed', 'failed')], exit: 1, passed: 1, failed: 1 },
  { name: 'skipped', files: [file('passed', 'passed', 'skipped')], exit: 0, passed: 1, failed: 1 },
  { name: 'pending and todo', files: [file('passed', 'pending', 'todo')], exit: 0, passed: 0, failed: 2 },
  {
    name: 'a file that does not load',
    files: [file('failed'), file('passed', 'passed')],
    exit: 1,
    passed: 1,
    failed: 1,
  },
  { name: 'no case at all', files: [], exit: 0, passed: 0, failed: 1 },
  { name: 'an error outside of cases', files: [file('passed', 'passed')], exit: 1, passed: 1, failed: 1 },
  { name: 'killed', files: [file('passed', 'passed')], exit: null, passed: 1, failed: 1 },
])('$name', ({ files, exit, passed, failed }) => {
  expect(tally({ testResults: files }, exit)).toEqual({ passed, failed });
});

it('counts a run without a report as one failure', () => {
  expect(tally(undefined, 139)).toEqual({ passed: 0, failed: 1 });
});

it('adds up', () => {
  expect(
    sum([
      { passed: 2, failed: 1 },
      { passed: 3, failed: 0 },
    ]),
  ).toEqual({ passed: 5, failed: 1 });
});
