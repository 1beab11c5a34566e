import type { AuditEntry } from '@yike/contracts/http/audit';
import { AuditEntryId, newId, UserId } from '@yike/contracts/ids';
import { expect, it } from 'vitest';
import { auditTable } from './audit-table.ts';

const entry = (more: Partial<AuditEntry>): AuditEntry => ({
  ...{ seq: 7, id: newId(AuditEntryId), at: '2026-11-22T10:00:00.000Z', actor: null, actingAs: null },
  ...{ action: 'broadcast.stop', subject: { kind: 'broadcast', id: null }, orgUnit: null },
  ...{ before: null, after: null, reason: null, requestId: null, origin: null },
  ...more,
});

it('has a head, one line an entry, quotes where they are needed, and no formula', () => {
  const actor = { id: newId(UserId), displayName: '=HYPERLINK("x")' };
  const lines = auditTable([entry({ actor, reason: '两行\n话', after: { state: 'ended' } })], {
    ...{ locale: 'en', isCutOff: true },
  });
  expect(lines[0]).toMatch(/^\uFEFFNo\.,Time \(UTC\),/);
  expect(lines[1]).toBe(
    '7,2026-11-22T10:00:00.000Z,"\'=HYPERLINK(""x"")",,broadcast.stop,broadcast,,,"两行\n话",,"{""state"":""ended""}",,\r\n',
  );
  expect(lines[2]).toContain('narrow the search');
  expect(lines).toHaveLength(3);
});
