import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Canonical, canonicalJson } from './canonical-json.ts';
import { type ChainedLeg, chainLeg, findBreak, GENESIS, headOf, type LedgerEntry, legsOf } from './ledger.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const RESIDENT = 'resident-account';

const entry = (n: number, amount = 100 + n): LedgerEntry => ({
  id: `entry-${n}`,
  asset: 'class-time',
  kind: 'accrue',
  fromAccountId: 'issuer-account',
  toAccountId: RESIDENT,
  amount,
  bookedAtMs: 1_793_498_400_000 + n,
  policyVersion: 1,
  idempotencyKey: `key-${n}`,
  evidence: { lineage: 'lineage', postedSeconds: amount },
});

function chainOf(amounts: number[]): { leg: ChainedLeg; entry: LedgerEntry }[] {
  let head = GENESIS;
  return amounts.map((amount, n) => {
    const booked = entry(n, amount);
    const leg = chainLeg(legsOf(booked)[1], booked, head, sha256);
    head = headOf(leg);
    return { leg, entry: booked };
  });
}

it('both sides of an entry sum to zero', () => {
  expect(legsOf(entry(1)).map(({ delta }) => delta)).toEqual([-101, 101]);
});

it.each([0, -1, 0.5, Number.NaN, 2 ** 53])('an amount of %d is refused', (amount) => {
  expect(() => legsOf(entry(1, amount))).toThrow(RangeError);
});

describe('a chain', () => {
  it('is whole as it was written, with running balances', () => {
    const chain = chainOf([10, 20, 30]);
    expect(findBreak(chain, sha256)).toBeNull();
    expect(chain.map(({ leg }) => [leg.position, leg.balanceAfter])).toEqual([
      [1, 10],
      [2, 30],
      [3, 60],
    ]);
  });

  it.each<{
    name: string;
    tamper: (chain: ReturnType<typeof chainOf>) => ReturnType<typeof chainOf>;
    at: string;
  }>([
    {
      name: 'an amount',
      tamper: (c) => c.map((l, i) => (i === 1 ? { ...l, entry: { ...l.entry, amount: 99 } } : l)),
      at: 'entry-1',
    },
    {
      name: 'a delta',
      tamper: (c) => c.map((l, i) => (i === 1 ? { ...l, leg: { ...l.leg, delta: 99 } } : l)),
      at: 'entry-1',
    },
    {
      name: 'a time',
      tamper: (c) => c.map((l, i) => (i === 2 ? { ...l, entry: { ...l.entry, bookedAtMs: 0 } } : l)),
      at: 'entry-2',
    },
    {
      name: 'the evidence',
      tamper: (c) => c.map((l, i) => (i === 0 ? { ...l, entry: { ...l.entry, evidence: null } } : l)),
      at: 'entry-0',
    },
    { name: 'a removed entry', tamper: (c) => c.filter((_, i) => i !== 1), at: 'entry-2' },
    { name: 'two in the wrong order', tamper: ([a, b, c]) => [a!, c!, b!], at: 'entry-2' },
    {
      name: 'an entry that was hashed anew',
      tamper: (c) => [c[0]!, chainOf([10, 21])[1]!, c[2]!],
      at: 'entry-2',
    },
  ])('shows $name', ({ tamper, at }) => {
    expect(findBreak(tamper(chainOf([10, 20, 30])), sha256)).toBe(at);
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys, and reads back', () => {
    const { anyValue } = fc.letrec<{ anyValue: Canonical }>((tie) => ({
      anyValue: fc.oneof(
        { maxDepth: 3 },
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
        fc.array(tie('anyValue')),
        fc.dictionary(fc.string(), tie('anyValue')),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anyValue), (value) => {
        const facts = { ...value };
        const backward = Object.fromEntries(Object.entries(facts).reverse());
        expect(canonicalJson(backward)).toBe(canonicalJson(facts));
        expect(JSON.parse(canonicalJson(facts))).toEqual(facts);
      }),
    );
  });

  it('sorts and has no spaces', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'ü' }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"ü","d":null}]}',
    );
  });

  it.each([0.1, Number.NaN, 2 ** 53])('refuses %d', (value) => {
    expect(() => canonicalJson(value)).toThrow(RangeError);
  });
});
