import type { OrgLevel } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';

/** What a unit's history tells of it. */
export interface UnitFields {
  readonly name: string;
  readonly level: OrgLevel;
  readonly parentId: OrgUnitId | null;
  readonly institutionName: string | null;
  readonly population: number | null;
  readonly code: string | null;
  readonly mergedIntoId: OrgUnitId | null;
}

/** The fields that changed, before and after. */
export interface FieldChanges {
  readonly before: Partial<UnitFields>;
  readonly after: Partial<UnitFields>;
}

/** What a step of a history holds: a unit that takes another in changes no field of its own. */
export type StepFields = Partial<UnitFields> & { readonly absorbedId?: OrgUnitId };

const FIELDS = [
  'name',
  'level',
  'parentId',
  'institutionName',
  'population',
  'code',
  'mergedIntoId',
] as const satisfies readonly (keyof UnitFields)[];

/** @param before undefined for what was not there */
export function changesBetween(before: UnitFields | undefined, after: UnitFields): FieldChanges {
  const changed = FIELDS.filter((field) => (before?.[field] ?? null) !== after[field]);
  const pick = (from: UnitFields | undefined): Partial<UnitFields> =>
    from === undefined ? {} : Object.fromEntries(changed.map((field) => [field, from[field]]));
  return { before: pick(before), after: pick(after) };
}

export const isEmpty = ({ after }: FieldChanges): boolean => Object.keys(after).length === 0;
