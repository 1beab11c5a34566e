import { expect, it } from 'vitest';
import { formatStep, parseStep, Steps } from './steps.ts';

it.each([
  {
    step: { name: 'database', seconds: 1.4, note: 'migrated' },
    line: '  ✓ database            1.4 s  migrated',
  },
  { step: { name: 'media worker', seconds: 123, note: '' }, line: '  ✓ media worker      123.0 s' },
])('$line', ({ step, line }) => {
  expect(formatStep(step)).toBe(line);
  expect(parseStep(line)).toEqual(step);
});

it('takes no other line for a step', () =>
  expect(parseStep('Yike is ready: http://localhost:8080')).toBeUndefined());

it('prints steps as they finish, and a failure is the caller’s', async () => {
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  const slow = steps.run('slow', async (say) => {
    say('this takes a while');
    await new Promise((resolve) => setTimeout(resolve, 20));
    return ['done', 'note'];
  });
  const failed = steps.run('failed', () => Promise.reject(new Error('no disk')));
  await expect(failed).rejects.toThrow('no disk');
  expect(await slow).toBe('done');
  expect(lines.map((line) => line.trim().slice(0, 6))).toEqual(['… this', '✓ slow']);
});
