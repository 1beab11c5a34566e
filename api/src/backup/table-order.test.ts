import { expect, it } from 'vitest';
import { inOrderOfReference } from './table-order.ts';

const order = (references: Record<string, string[]>) =>
  inOrderOfReference(Object.entries(references).map(([name, refersTo]) => ({ name, refersTo }))).map(
    ({ name }) => name,
  );

it.each([
  { name: 'no tables', references: {}, expected: [] },
  { name: 'by name', references: { b: [], a: [] }, expected: ['a', 'b'] },
  { name: 'a chain', references: { a: ['b'], b: ['c'], c: [] }, expected: ['c', 'b', 'a'] },
  { name: 'itself', references: { a: ['a'] }, expected: ['a'] },
  { name: 'what is not among them', references: { a: ['elsewhere'] }, expected: ['a'] },
])('$name', ({ references, expected }) => expect(order(references)).toEqual(expected));

it('refuses a circle', () => {
  expect(() => order({ a: ['b'], b: ['a'], c: [] })).toThrow('a, b refer in a circle');
});
