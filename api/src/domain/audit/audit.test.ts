import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, type AuditFacts, chain, type HashText, masked, NO_ENTRY } from './entry.ts';
import { networkOf } from './origin.ts';
import { verifyChain } from './verify.ts';

const sha256: HashText = (text) => createHash('sha256').update(text, 'utf8').digest('hex');

const facts = (index: number): Omit<AuditFacts, 'seq'> => ({
  id: `entry-${index}`,
  atMs: 1_763_900_000_000 + index,
  actorId: 'somebody',
  actingAs: 'curator',
  action: 'broadcast.stop',
  subjectKind: 'broadcast',
  subjectId: `broadcast-${index}`,
  orgUnitId: null,
  orgPath: '00001',
  before: { state: 'live' },
  after: { state: 'ended', viewers: index },
  reason: '内容不当',
  requestId: null,
  origin: '10.0.0.0/24',
});

function logOf(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let index = 0; index < length; index += 1) {
    entries.push(chain(facts(index), entries.at(-1) ?? NO_ENTRY, sha256));
  }
  return entries;
}

describe('the chain', () => {
  it('holds for what was written', async () => {
    const log = logOf(5);
    const head = { seq: 5, hash: log[4]!.hash };
    expect(await verifyChain(log, sha256)).toEqual({ intact: true, entries: 5, head });
    expect(await verifyChain([], sha256)).toEqual({ intact: true, entries: 0, head: NO_ENTRY });
  });

  it('names the entry in which any field was changed', async () => {
    const fields = Object.keys(facts(0)) as (keyof ReturnType<typeof facts>)[];
    for (const field of fields) {
      const log = logOf(4);
      log[2] = { ...log[2]!, [field]: field === 'atMs' ? 5 : 'another' };
      expect(await verifyChain(log, sha256)).toEqual({ intact: false, seq: 3, fault: 'changed' });
    }
  });

  it('names the entry after one that is gone, and one that was made up', async () => {
    const log = logOf(4);
    expect(await verifyChain(log.toSpliced(1, 1), sha256)).toMatchObject({ seq: 3, fault: 'gap' });
    const made = chain(facts(9), { seq: 1, hash: 'f'.repeat(64) }, sha256);
    expect(await verifyChain(log.toSpliced(1, 1, made), sha256)).toMatchObject({ seq: 2, fault: 'cut' });
    const changedWithHash = chain(facts(9), log[0]!, sha256);
    expect(await verifyChain(log.toSpliced(1, 1, changedWithHash), sha256)).toMatchObject({
      seq: 3,
      fault: 'cut',
    });
  });
});

describe('what is said', () => {
  it('has no phone and no ID number, however deep', () =>
    expect(
      masked({
        phones: ['13812345678'],
        person: { note: '身份证 11010519491231002X', at: new Date(0), share: 0.5, none: undefined },
      }),
    ).toEqual({
      phones: ['138****5678'],
      person: { note: '身份证 110***********002X', at: '1970-01-01T00:00:00.000Z', share: '0.5' },
    }));

  it('is something the chain can hold, whatever it is', () =>
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const entry = { ...facts(1), before: masked(value), after: null };
        expect(chain(entry, NO_ENTRY, sha256).hash).toHaveLength(64);
      }),
    ));
});

it.each([
  ['192.168.17.203', '192.168.17.0/24'],
  ['::ffff:10.1.2.3', '10.1.2.0/24'],
  ['2001:0db8:85a3::8a2e:370:7334', '2001:db8:85a3::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['not an address', null],
  [undefined, null],
])('%s comes from %s', (address, network) => expect(networkOf(address)).toBe(network));
