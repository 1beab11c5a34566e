import ExcelJS from 'exceljs';
import { DomainError } from '../../domain/domain-error.ts';
import { unpacksWithin } from './zip-guard.ts';

/** It is no spreadsheet, or nothing that can be made out. */
export class SheetUnreadable extends DomainError {
  readonly code = 'sheet-unreadable';
}

/** More rows than are taken at once, or more bytes than a sheet of so many rows has. */
export class SheetTooLarge extends DomainError {
  readonly code = 'payload-too-large';
}

export interface Cell {
  /** As the spreadsheet shows it; of a formula, what it gave when the file was saved. */
  readonly text: string;
  readonly isFormula: boolean;
}

export interface Row {
  /** As the spreadsheet counts, from 1. */
  readonly line: number;
  /** By column, from 0; empty ones are not there. */
  readonly cells: ReadonlyMap<number, Cell>;
}

const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;
const MAX_COLUMNS = 200;

/** Parts that say nothing about values; exceljs would write out each cell that they span. */
const IGNORED = [
  'mergeCells',
  'dataValidations',
  'conditionalFormatting',
  'hyperlinks',
  'autoFilter',
  'drawing',
  'picture',
  'tableParts',
  'extLst',
];

/**
 * The rows of a workbook's first sheet that hold anything.
 * @throws SheetUnreadable, SheetTooLarge
 */
export async function readSheet(file: Buffer, maxRows: number): Promise<Row[]> {
  const rows: Row[] = [];
  (await firstSheet(file)).eachRow((row, line) => {
    const cells = new Map<number, Cell>();
    row.eachCell((cell, column) => {
      const isFormula = cell.type === ExcelJS.ValueType.Formula;
      const text = textOf(cell);
      if (column <= MAX_COLUMNS && (isFormula || text.trim() !== ''))
        cells.set(column - 1, { text, isFormula });
    });
    if (cells.size > 0) rows.push({ line, cells });
    if (rows.length > maxRows) throw new SheetTooLarge(`the sheet has more than ${maxRows} rows`);
  });
  return rows;
}

async function firstSheet(file: Buffer): Promise<ExcelJS.Worksheet> {
  const workbook = new ExcelJS.Workbook();
  try {
    if (!(await unpacksWithin(file, MAX_UNPACKED_BYTES))) throw new SheetTooLarge('the sheet is too large');
    // Its types know no Node buffer that may be shared; it reads any.
    await workbook.xlsx.load(file as unknown as ExcelJS.Buffer, { ignoreNodes: IGNORED });
  } catch (error) {
    if (error instanceof SheetTooLarge) throw error;
    throw new SheetUnreadable('this is no workbook', { cause: error });
  }
  const [sheet] = workbook.worksheets;
  if (sheet === undefined) throw new SheetUnreadable('the workbook has no sheet');
  return sheet;
}

function textOf(cell: ExcelJS.Cell): string {
  const { value } = cell;
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? String(value) : cell.text;
}
