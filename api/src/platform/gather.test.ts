import { expect, it } from 'vitest';
import { Gather } from './gather.ts';

it('asks together what was asked in one turn, and answers each', async () => {
  const asked: (readonly number[])[] = [];
  const doubled = new Gather((numbers: readonly number[]) => {
    asked.push(numbers);
    return Promise.resolve(numbers.map((each) => each * 2));
  });
  expect(await Promise.all([doubled.ask(1), doubled.ask(2), doubled.ask(2)])).toEqual([2, 4, 4]);
  expect(await doubled.ask(3)).toBe(6);
  expect(asked).toEqual([[1, 2, 2], [3]]);
});

it('never asks too many at once', async () => {
  const sizes: number[] = [];
  const gather = new Gather((all: readonly number[]) => {
    sizes.push(all.length);
    return Promise.resolve(all);
  });
  await Promise.all(Array.from({ length: 2_500 }, (_, index) => gather.ask(index)));
  expect(sizes).toEqual([1_000, 1_000, 500]);
});

it.each([
  { name: 'a failure', answerAll: () => Promise.reject(new Error('away')), words: 'away' },
  { name: 'a missing answer', answerAll: () => Promise.resolve([1]), words: 'not everyone' },
])('$name is told to everyone who asked, and to nobody after', async ({ answerAll, words }) => {
  let isBroken = true;
  const gather = new Gather((all: readonly number[]) => (isBroken ? answerAll() : Promise.resolve(all)));
  const answers = await Promise.allSettled([gather.ask(1), gather.ask(2)]);
  for (const answer of answers) {
    expect(answer).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining(words) as string },
    });
  }
  isBroken = false;
  expect(await gather.ask(3)).toBe(3);
});
