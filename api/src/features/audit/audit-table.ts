import type { Locale } from '@yike/contracts/http/accounts';
import type { AuditEntry } from '@yike/contracts/http/audit';
import { safeCell } from '../../domain/identity/safe-cell.ts';

const HEADS: Readonly<Record<Locale, readonly string[]>> = {
  'zh-CN': [
    ...[
      '序号',
      '时间（UTC）',
      '何人',
      '身份',
      '做了什么',
      '对象',
      '对象编号',
      '组织',
      '原因',
      '之前',
      '之后',
      '来自',
      '请求编号',
    ],
  ],
  en: [
    ...[
      'No.',
      'Time (UTC)',
      'Who',
      'Role',
      'Act',
      'Thing',
      'Its id',
      'Organisation',
      'Reason',
      'Before',
      'After',
      'From',
      'Request',
    ],
  ],
};
const CUT_OFF: Readonly<Record<Locale, string>> = {
  'zh-CN': '还有更早的记录，请缩小范围再导出。',
  en: 'There are earlier entries: narrow the search and export again.',
};

/** Marks UTF-8 for spreadsheets. */
const BOM = '\uFEFF';

/** The lines of a CSV table (RFC 4180), of which no cell is a formula. */
export function auditTable(
  entries: readonly AuditEntry[],
  { locale, isCutOff }: { locale: Locale; isCutOff: boolean },
): string[] {
  const lines = [HEADS[locale], ...entries.map(cellsOf), ...(isCutOff ? [[CUT_OFF[locale]]] : [])];
  return lines.map((cells, index) => `${index === 0 ? BOM : ''}${cells.map(quoted).join(',')}\r\n`);
}

const cellsOf = (entry: AuditEntry): string[] => [
  ...[String(entry.seq), entry.at, entry.actor?.displayName ?? '', entry.actingAs ?? '', entry.action],
  ...[entry.subject.kind, entry.subject.id ?? '', entry.orgUnit?.name ?? '', entry.reason ?? ''],
  ...[saidOf(entry.before), saidOf(entry.after), entry.origin ?? '', entry.requestId ?? ''],
];

const saidOf = (said: unknown): string => (said === null ? '' : JSON.stringify(said));

function quoted(text: string): string {
  const cell = safeCell(text);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
