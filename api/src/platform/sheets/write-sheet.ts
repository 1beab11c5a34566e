import ExcelJS from 'exceljs';

/** A column: its heading, and its width in characters. */
export interface SheetColumn {
  readonly heading: string;
  readonly width: number;
}

export type SheetValue = string | number | null;

/**
 * A workbook of one sheet, its first line the headings. A text that a spreadsheet could take for a formula, now or after it was saved as CSV,
 * gets an apostrophe before it (CWE-1236).
 */
export async function writeSheet(
  name: string,
  columns: readonly SheetColumn[],
  rows: readonly (readonly SheetValue[])[],
): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = columns.map(({ heading, width }) => ({ header: heading, width }));
  sheet.getRow(1).font = { bold: true };
  for (const row of rows) sheet.addRow(row.map(harmless));
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

const harmless = (value: SheetValue): SheetValue =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
