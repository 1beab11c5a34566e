import { MAX_SHEET_ROWS, ORG_COLUMNS, type OrgColumn } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';
import {
  columnsIn,
  HEADINGS,
  type SheetLine,
  wordOfLevel,
} from '../../../domain/organisations/sheet-rows.ts';
import { readSheet, SheetUnreadable } from '../../../platform/sheets/read-sheet.ts';
import { type SheetValue, writeSheet } from '../../../platform/sheets/write-sheet.ts';
import type { OrgUnitEntity } from '../org-unit.entity.ts';

const WIDTHS: Readonly<Record<OrgColumn, number>> = {
  parentCode: 16,
  parentName: 16,
  level: 8,
  name: 20,
  institutionName: 28,
  population: 10,
  code: 16,
};

/**
 * The lines below the heading, by column.
 * @throws SheetUnreadable where there is no such heading; SheetTooLarge
 */
export async function readOrganisations(file: Buffer): Promise<SheetLine[]> {
  const [heading, ...rows] = await readSheet(file, MAX_SHEET_ROWS + 1);
  const width = Math.max(0, ...(heading?.cells.keys() ?? [])) + 1;
  const words = Array.from({ length: width }, (_, at) => heading?.cells.get(at)?.text ?? '');
  const columns = columnsIn(words);
  if (columns === null) throw new SheetUnreadable('the first line does not name the columns');
  return rows.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(
      [...columns].map(([column, at]) => [column, cells.get(at) ?? { text: '', isFormula: false }]),
    ),
  }));
}

/** The same sheet of these units, each after its parent; parents outside of them are in `parents`. */
export function writeOrganisations(
  units: readonly OrgUnitEntity[],
  parents: ReadonlyMap<OrgUnitId, OrgUnitEntity>,
): Promise<Buffer> {
  const columns = ORG_COLUMNS.map((column) => ({ heading: HEADINGS[column], width: WIDTHS[column] }));
  return writeSheet(
    '组织',
    columns,
    units.map((unit) => rowOf(unit, unit.parentId === null ? undefined : parents.get(unit.parentId))),
  );
}

function rowOf(unit: OrgUnitEntity, parent: OrgUnitEntity | undefined): SheetValue[] {
  const { level, name, institutionName, population, code } = unit;
  const values: Readonly<Record<OrgColumn, SheetValue>> = {
    ...{ parentCode: parent?.code ?? null, parentName: parent?.name ?? null },
    ...{ level: wordOfLevel(level), name, institutionName, population, code },
  };
  return ORG_COLUMNS.map((column) => values[column]);
}
