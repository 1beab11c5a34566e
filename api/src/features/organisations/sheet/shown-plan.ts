import type { OrgFieldChange, OrgImportPreview } from '@yike/contracts/http/organisations';
import type { ChangedUnit, ImportPlan } from '../../../domain/organisations/plan-import.ts';

/** A plan as its preview tells it. */
export const shownPlan = (
  { created, changed, unchanged, broken }: ImportPlan,
  nameOfParent: (unit: ChangedUnit) => string | null,
): Omit<OrgImportPreview, 'token'> => ({
  created: created.map(({ line, name, level, parent }) => ({
    ...{ line, name, level },
    parentName: parent?.name ?? null,
  })),
  changed: changed.map((unit) => ({
    ...{ line: unit.line, name: unit.known.name },
    changes: changesOf(unit, nameOfParent(unit)),
  })),
  ...{ unchanged, broken: [...broken] },
});

function changesOf(unit: ChangedUnit, parentBefore: string | null): OrgFieldChange[] {
  const { known, parent } = unit;
  const isMoved = known.parentId !== (parent?.known?.id ?? null);
  const fields: OrgFieldChange[] = [
    { field: 'name', before: known.name, after: unit.name },
    { field: 'institutionName', before: known.institutionName, after: unit.institutionName },
    { field: 'population', before: numberText(known.population), after: numberText(unit.population) },
    { field: 'code', before: known.code, after: unit.code },
  ];
  return [
    ...(isMoved ? [{ field: 'parent' as const, before: parentBefore, after: parent?.name ?? null }] : []),
    ...fields.filter(({ before, after }) => before !== after),
  ];
}

const numberText = (value: number | null): string | null => (value === null ? null : String(value));
