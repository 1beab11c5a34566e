import type { OrgLevel } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';

/** An open unit, as an import finds it. */
export interface KnownUnit {
  readonly id: OrgUnitId;
  readonly parentId: OrgUnitId | null;
  readonly level: OrgLevel;
  readonly path: string;
  readonly name: string;
  readonly institutionName: string | null;
  readonly population: number | null;
  readonly code: string | null;
}

/** A unit as it will be: one that is there, one that a line makes, or one that a line changes. */
export interface PlannedUnit {
  readonly level: OrgLevel;
  /** Null for what a line makes. */
  readonly known: KnownUnit | null;
  /** The line that speaks of it; null where none does. */
  line: number | null;
  name: string;
  institutionName: string | null;
  population: number | null;
  code: string | null;
  /** Null at the top. */
  parent: PlannedUnit | null;
}

/** What a line says of a unit. */
export type UnitWords = Pick<PlannedUnit, 'name' | 'institutionName' | 'population' | 'code'>;
type UnitPlace = Pick<PlannedUnit, 'level' | 'parent'>;

/** The tree as it will stand once all lines are taken over. */
export class PlannedTree {
  readonly #units: PlannedUnit[] = [];
  readonly #knownByCode = new Map<string, PlannedUnit>();
  readonly #knownByName = new Map<string, PlannedUnit>();
  /** By `level code` and `level name`; made when a level is complete and asked for. */
  #found = new Map<string, PlannedUnit[]>();

  /** @param known each after its parent */
  constructor(known: readonly KnownUnit[]) {
    const byId = new Map<OrgUnitId, PlannedUnit>();
    for (const unit of known) {
      const parent = unit.parentId === null ? null : (byId.get(unit.parentId) ?? null);
      const { level, name, institutionName, population, code } = unit;
      const planned = {
        ...{ level, name, institutionName, population, code },
        ...{ known: unit, line: null, parent },
      };
      byId.set(unit.id, planned);
      this.#units.push(planned);
      if (code !== null) this.#knownByCode.set(code, planned);
      this.#knownByName.set(nameKey(level, name, unit.parentId), planned);
    }
  }

  /** Those that were there first, then those of lines, each after its parent. */
  get units(): readonly PlannedUnit[] {
    return this.#units;
  }

  /** The unit that has this code now, before the import. */
  knownByCode(code: string): PlannedUnit | undefined {
    return this.#knownByCode.get(code);
  }

  /** The unit of this name that is below that parent now, before the import, if no line speaks of it yet. */
  knownByName(level: OrgLevel, name: string, parent: PlannedUnit | null): PlannedUnit | undefined {
    if (parent !== null && parent.known === null) return undefined;
    const unit = this.#knownByName.get(nameKey(level, name, parent?.known?.id ?? null));
    return unit?.line === null ? unit : undefined;
  }

  /** Units of a level by the code, or the name, that they will have. */
  find(level: OrgLevel, by: 'code' | 'name', value: string): readonly PlannedUnit[] {
    if (this.#found.size === 0) {
      for (const key of ['code', 'name'] as const) {
        for (const unit of this.#units) {
          if (unit[key] === null) continue;
          const found = `${unit.level} ${key} ${unit[key]}`;
          this.#found.set(found, [...(this.#found.get(found) ?? []), unit]);
        }
      }
    }
    return this.#found.get(`${level} ${by} ${value}`) ?? [];
  }

  /** A line speaks of this unit from now on; of a new one where none is given. */
  put(line: number, unit: PlannedUnit | undefined, words: UnitWords & UnitPlace): void {
    if (unit === undefined) this.#units.push({ ...words, known: null, line });
    else Object.assign(unit, words, { line });
  }

  /** What was put is found from now on. */
  levelComplete(): void {
    this.#found = new Map();
  }
}

const nameKey = (level: OrgLevel, name: string, parentId: OrgUnitId | null): string =>
  `${level} ${parentId ?? ''} ${name}`;
