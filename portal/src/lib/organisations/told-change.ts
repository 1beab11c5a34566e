import { type BrokenOrgRow, type OrgFieldChange, OrgLevel } from '@yike/contracts/http/organisations';
import type { Language } from '#lib/i18n/language.svelte.ts';

/** 名称：桂苑社区 → 桂园社区 */
export function toldChange(t: Language['t'], { field, before, after }: OrgFieldChange): string {
  const told = (value: string | null): string => {
    if (value === null) return t('org.nothing');
    const level = field === 'level' ? OrgLevel.safeParse(value).data : undefined;
    return level === undefined ? value : t(`org.level.${level}`);
  };
  const name = t(`org.field.${field}`);
  return before === null
    ? t('org.set', { field: name, after: told(after) })
    : t('org.change', { field: name, before: told(before), after: told(after) });
}

/** 代码和第 7 行重复 */
export function toldBroken(t: Language['t'], { problem, otherLine }: BrokenOrgRow): string {
  const line = otherLine ?? 0; // These two problems always name the other line.
  if (problem === 'code-twice' || problem === 'row-twice') return t(`org.broken.${problem}`, { line });
  return t(`org.broken.${problem}`);
}
