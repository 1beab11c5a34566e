import {
  type BrokenOrgRow,
  type OrgColumn,
  OrgLevel,
  type OrgRowProblem,
} from '@yike/contracts/http/organisations';
import { fitsUnder, levelAbove, rankOf } from './levels.ts';
import { parentPath } from './paths.ts';
import { type KnownUnit, PlannedTree, type PlannedUnit, type UnitWords } from './planned-tree.ts';
import { cut, type SheetRow } from './sheet-rows.ts';

/** A unit of which a line says something new. */
export type ChangedUnit = PlannedUnit & { readonly known: KnownUnit; readonly line: number };
export type CreatedUnit = PlannedUnit & { readonly known: null; readonly line: number };

export interface ImportPlan {
  /** Each after its parent. */
  readonly created: readonly CreatedUnit[];
  readonly changed: readonly ChangedUnit[];
  readonly unchanged: number;
  /** By line. While there is one, nothing is to be imported. */
  readonly broken: readonly BrokenOrgRow[];
}

/** Whether the person who imports looks after what stands at this path; '' is above all trees. */
export type Reach = (path: string) => boolean;

const ABOVE_ALL = '';

/** A row cannot be taken over: why, and in which column. */
class RowBroken {
  readonly column: OrgColumn;
  readonly problem: OrgRowProblem;
  readonly value: string;

  constructor(column: OrgColumn, problem: OrgRowProblem, value: string) {
    this.column = column;
    this.problem = problem;
    this.value = value;
  }
}

type Report = (line: number, broken: RowBroken, otherLine?: number | null) => void;

/**
 * What importing these rows would do. A row is about the unit that has its code, else about the one of its name below the same parent, else
 * about a new one; units of which no row speaks stay as they are. A row finds its parent one level above itself, among what the sheet says and
 * what is there. A row that is broken in another way is still found as a parent, so that one mistake is told once.
 * @param known all open units, each after its parent
 */
export function planImport(rows: readonly SheetRow[], known: readonly KnownUnit[], reach: Reach): ImportPlan {
  const broken: BrokenOrgRow[] = rows.flatMap(({ problems }) => problems);
  const report: Report = (line, { column, problem, value }, otherLine = null) => {
    broken.push({ line, column, problem, value: cut(value), otherLine });
  };
  const tree = new PlannedTree(known);
  const sound = withoutRepeatedCodes(rows, report);
  for (const level of OrgLevel.options) {
    const ofLevel = sound.filter((row) => row.level === level);
    // Codes first: a unit that a code names is no other row's by its name.
    for (const row of ofLevel.filter(({ code }) => isKnownCode(tree, code))) placeRow(row, tree, report);
    for (const row of ofLevel.filter(({ code }) => !isKnownCode(tree, code))) placeRow(row, tree, report);
    tree.levelComplete();
  }
  reportNamesTakenTwice(tree, report);
  const spokenOf = tree.units
    .filter(({ line }) => line !== null)
    .toSorted((a, b) => rankOf(a.level) - rankOf(b.level));
  const created = spokenOf.filter((unit): unit is CreatedUnit => unit.known === null);
  const changed = spokenOf.filter(
    (unit): unit is ChangedUnit => unit.known !== null && isChanged(unit, unit.known),
  );
  reportOutOfReach([...created, ...changed], reach, report);
  return {
    ...{ created, changed, unchanged: spokenOf.length - created.length - changed.length },
    broken: broken.toSorted((a, b) => a.line - b.line),
  };
}

const isKnownCode = (tree: PlannedTree, code: SheetRow['code']): boolean =>
  typeof code === 'string' && tree.knownByCode(code) !== undefined;

/** Rows whose code an earlier one has are told, and go on without it. */
function withoutRepeatedCodes(rows: readonly SheetRow[], report: Report): SheetRow[] {
  const firstLine = new Map<string, number>();
  return rows.map((row) => {
    if (typeof row.code !== 'string') return row;
    const first = firstLine.get(row.code);
    if (first === undefined) {
      firstLine.set(row.code, row.line);
      return row;
    }
    report(row.line, new RowBroken('code', 'code-twice', row.code), first);
    return { ...row, code: null };
  });
}

/** Gives a row its unit and its place, or tells why it has none. */
function placeRow(row: SheetRow, tree: PlannedTree, report: Report): void {
  const { line, level, name } = row;
  if (level === null || name === null) return;
  const byCode = typeof row.code === 'string' ? tree.knownByCode(row.code) : undefined;
  const place =
    byCode === undefined || byCode.level === level
      ? parentOf(row, level, tree)
      : new RowBroken('level', 'level-changed', level);
  if (place instanceof RowBroken) {
    report(line, place);
    return;
  }
  const unit = byCode ?? tree.knownByName(level, name, place.parent);
  if (place.parent === null && !mayStandAtTop(level, unit)) {
    report(line, new RowBroken(parentColumn(row), 'parent-missing', ''));
    return;
  }
  tree.put(line, unit, { level, ...place, ...wordsOf(row, name, unit) });
}

/** Nothing that stands below another unit is put at the top by leaving its parent out. */
const mayStandAtTop = (level: OrgLevel, unit: PlannedUnit | undefined): boolean =>
  fitsUnder(level, null) && (unit?.known?.parentId ?? null) === null;

/** What the sheet has no column for stays as it is. */
const wordsOf = (
  { institutionName, population, code }: SheetRow,
  name: string,
  unit: PlannedUnit | undefined,
): UnitWords => ({
  name,
  institutionName: institutionName === undefined ? (unit?.institutionName ?? null) : institutionName,
  population: population === undefined ? (unit?.population ?? null) : population,
  code: code === undefined ? (unit?.code ?? null) : code,
});

const parentColumn = ({ parentCode }: SheetRow): OrgColumn =>
  parentCode === '' ? 'parentName' : 'parentCode';

/** The unit one level above that the row names; null at the top. */
function parentOf(
  row: SheetRow,
  level: OrgLevel,
  tree: PlannedTree,
): { readonly parent: PlannedUnit | null } | RowBroken {
  const { parentCode, parentName } = row;
  if (parentCode === '' && parentName === '') return { parent: null };
  const [by, value] = parentCode === '' ? (['name', parentName] as const) : (['code', parentCode] as const);
  const above = levelAbove(level);
  const found = above === null ? [] : tree.find(above, by, value);
  const [parent] = found;
  const column = parentColumn(row);
  if (parent === undefined) {
    const isElsewhere = OrgLevel.options.some((other) => tree.find(other, by, value).length > 0);
    return new RowBroken(column, isElsewhere ? 'level-unfit' : 'parent-unknown', value);
  }
  if (found.length > 1) return new RowBroken(column, 'parent-ambiguous', value);
  if (parentName !== '' && parent.name !== parentName) {
    return new RowBroken('parentName', 'parent-contradicts', parentName);
  }
  return { parent };
}

/** Below one parent no two units have one name, whoever gave it. */
function reportNamesTakenTwice(tree: PlannedTree, report: Report): void {
  const first = new Map<PlannedUnit | null, Map<string, PlannedUnit>>();
  for (const unit of tree.units.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))) {
    const siblings = first.get(unit.parent) ?? new Map<string, PlannedUnit>();
    first.set(unit.parent, siblings);
    const other = siblings.get(unit.name);
    if (other === undefined) siblings.set(unit.name, unit);
    else if (unit.line !== null) {
      const problem = other.line === null ? 'name-taken' : 'row-twice';
      report(unit.line, new RowBroken('name', problem, unit.name), other.line);
    }
  }
}

function isChanged(
  { parent, name, institutionName, population, code }: PlannedUnit,
  known: KnownUnit,
): boolean {
  return (
    known.name !== name ||
    known.institutionName !== institutionName ||
    known.population !== population ||
    known.code !== code ||
    known.parentId !== (parent === null ? null : (parent.known?.id ?? ''))
  );
}

/** What comes into being is decided from above it; what is moved, from above both its places. */
function reportOutOfReach(units: readonly (CreatedUnit | ChangedUnit)[], reach: Reach, report: Report): void {
  for (const { line, name, known, parent } of units) {
    // A parent that a line makes is in reach if that line's own parent is.
    const isAboveInReach =
      parent === null ? reach(ABOVE_ALL) : parent.known === null || reach(parent.known.path);
    const isMoved = known !== null && known.parentId !== (parent?.known?.id ?? null);
    const isOwn =
      known === null
        ? isAboveInReach
        : reach(known.path) && (!isMoved || (isAboveInReach && reach(parentPath(known.path) ?? ABOVE_ALL)));
    if (!isOwn) report(line, new RowBroken('name', 'not-yours', name));
  }
}
