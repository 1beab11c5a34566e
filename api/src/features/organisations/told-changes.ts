import type { OrgFieldChange } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';
import type { StepFields } from '../../domain/organisations/changes.ts';

const TOLD = {
  name: 'name',
  level: 'level',
  parentId: 'parent',
  institutionName: 'institutionName',
  population: 'population',
  code: 'code',
  mergedIntoId: 'mergedInto',
  absorbedId: 'absorbed',
} as const satisfies Record<keyof StepFields, OrgFieldChange['field']>;

const FIELDS = Object.keys(TOLD) as (keyof typeof TOLD)[]; // keys of a literal
const UNIT_FIELDS = ['parentId', 'mergedIntoId', 'absorbedId'] as const;

/** The units that these fields name. */
export const unitsNamedIn = (fields: StepFields): OrgUnitId[] =>
  UNIT_FIELDS.flatMap((field) => fields[field] ?? []);

/** A step in words that can be shown: units by their names. */
export function toldChanges(
  { before, after }: { readonly before: StepFields; readonly after: StepFields },
  nameOf: (id: OrgUnitId) => string,
): OrgFieldChange[] {
  const told = (fields: StepFields, field: keyof typeof TOLD): string | null => {
    const value = fields[field] ?? null;
    if (value === null) return null;
    const isUnit = UNIT_FIELDS.some((unitField) => unitField === field);
    return isUnit ? nameOf(value as OrgUnitId) : String(value); // those fields hold ids
  };
  return FIELDS.filter((field) => field in after).map((field) => ({
    field: TOLD[field],
    before: told(before, field),
    after: told(after, field),
  }));
}
