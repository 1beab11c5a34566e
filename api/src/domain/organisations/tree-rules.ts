import type { OrgLevel } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';
import type { ProblemCode } from '@yike/contracts/problem';
import { DomainError } from '../domain-error.ts';
import { fitsUnder } from './levels.ts';

/** A unit, as the rules of the tree see it. */
export interface TreeUnit {
  readonly id: OrgUnitId;
  readonly parentId: OrgUnitId | null;
  readonly level: OrgLevel;
  readonly name: string;
  readonly closedAt: Date | null;
}

/** The tree would not be one any more. */
export class TreeRefusal extends DomainError {
  readonly code: ProblemCode & `organisation${string}`;

  constructor(code: TreeRefusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export function assertOpen(unit: TreeUnit): void {
  if (unit.closedAt !== null) throw new TreeRefusal('organisation-closed', `${unit.id} is closed`);
}

/** @param parent null for the top of a tree */
export function assertPlace(level: OrgLevel, parent: TreeUnit | null): void {
  if (parent !== null) assertOpen(parent);
  if (!fitsUnder(level, parent?.level ?? null)) {
    throw new TreeRefusal(
      'organisation-level-unfit',
      `a ${level} cannot stand below ${parent?.level ?? 'nothing'}`,
    );
  }
}

/** @param siblings all units below the same parent; the unit itself may be among them */
export function assertNameFree(
  { id, name }: Pick<TreeUnit, 'id' | 'name'>,
  siblings: readonly TreeUnit[],
): void {
  const isTaken = siblings.some(
    (sibling) => sibling.id !== id && sibling.closedAt === null && sibling.name === name,
  );
  if (isTaken) throw new TreeRefusal('organisation-name-taken', 'the name is taken below the same unit');
}

export function assertCanMove(unit: TreeUnit, parent: TreeUnit, siblings: readonly TreeUnit[]): void {
  assertOpen(unit);
  // Whatever stands below a unit has a lower level than itself: so this also keeps a unit from being put below itself.
  assertPlace(unit.level, parent);
  assertNameFree(unit, siblings);
}

export interface Merge {
  readonly unit: TreeUnit;
  readonly into: TreeUnit;
  readonly children: readonly TreeUnit[];
  readonly childrenThere: readonly TreeUnit[];
}

export function assertCanMerge({ unit, into, children, childrenThere }: Merge): void {
  if (unit.id === into.id) throw new TreeRefusal('organisation-itself', 'a unit is not merged into itself');
  assertOpen(unit);
  assertOpen(into);
  if (unit.level !== into.level) {
    throw new TreeRefusal('organisation-level-unfit', 'only units of one level are merged');
  }
  for (const child of children) {
    if (child.closedAt === null) assertNameFree(child, childrenThere);
  }
}

export function assertCanClose(unit: TreeUnit, children: readonly TreeUnit[], residents: number): void {
  assertOpen(unit);
  const isEmpty = residents === 0 && children.every(({ closedAt }) => closedAt !== null);
  if (!isEmpty) throw new TreeRefusal('organisation-not-empty', 'somebody or some unit is still there');
}
