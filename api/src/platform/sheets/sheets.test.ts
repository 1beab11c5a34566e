import { deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import { readSheet, SheetTooLarge, SheetUnreadable } from './read-sheet.ts';
import { writeSheet } from './write-sheet.ts';
import { unpacksWithin } from './zip-guard.ts';

const COLUMNS = [
  { heading: '名称', width: 20 },
  { heading: '人口', width: 10 },
];
const texts = async (file: Buffer) =>
  (await readSheet(file, 100)).map(({ line, cells }) => [
    line,
    ...[...cells.values()].map(({ text }) => text),
  ]);

const workbook = async (fill: (sheet: ExcelJS.Worksheet) => void): Promise<Buffer> => {
  const book = new ExcelJS.Workbook();
  fill(book.addWorksheet('组织'));
  return Buffer.from(await book.xlsx.writeBuffer());
};

/** A ZIP archive of one entry that says it holds so many bytes. */
function zipOf(content: Buffer, said: number): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(said, 24);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + packed.length, 16);
  return Buffer.concat([local, packed, central, end]);
}

describe('a sheet that was written', () => {
  it('is read again', async () => {
    const file = await writeSheet('组织', COLUMNS, [
      ['桂苑社区', 18_200],
      ['南山社区', null],
    ]);
    expect(await texts(file)).toEqual([
      [1, '名称', '人口'],
      [2, '桂苑社区', '18200'],
      [3, '南山社区'],
    ]);
  });

  it.each(['=1+1', '+86', '-1', '@cmd', '\t=1'])('has %j as harmless text', async (value) => {
    const file = await writeSheet('组织', COLUMNS, [[value, null]]);
    expect((await texts(file))[1]).toEqual([2, `'${value}`]);
  });
});

describe('a sheet from elsewhere', () => {
  it('may hold formulas, rich text, links, dates and empty rows', async () => {
    const file = await workbook((sheet) => {
      sheet.getCell('A1').value = { formula: '1+1', result: 2 };
      sheet.getCell('B1').value = { richText: [{ text: '桂苑' }, { text: '社区' }] };
      sheet.getCell('A3').value = { text: '主页', hyperlink: 'https://example.org' };
      sheet.getCell('B3').value = true;
      sheet.getCell('A4').value = '   ';
    });
    const rows = await readSheet(file, 100);
    expect(rows.map(({ line }) => line)).toEqual([1, 3]);
    expect(rows[0]?.cells.get(0)).toEqual({ text: '2', isFormula: true });
    expect(rows[0]?.cells.get(1)).toEqual({ text: '桂苑社区', isFormula: false });
    expect(rows[1]?.cells.get(0)?.text).toBe('主页');
  });

  it('may have whole columns validated without costing anything', async () => {
    const file = await workbook((sheet) => {
      sheet.getCell('A1').value = '名称';
      sheet.getCell('A2').dataValidation = { type: 'whole', formulae: [1], sqref: 'A2:A1048576' } as never; // not in its types
    });
    const startedAt = performance.now();
    expect(await texts(file)).toEqual([[1, '名称']]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('is refused with too many rows', async () => {
    const file = await writeSheet(
      '组织',
      COLUMNS,
      Array.from({ length: 100 }, (_, at) => [`${at}号`, at]),
    );
    await expect(readSheet(file, 100)).rejects.toThrow(SheetTooLarge);
    expect(await readSheet(file, 101)).toHaveLength(101);
  });

  it.each([
    { name: 'nothing', file: Buffer.alloc(0) },
    { name: 'text', file: Buffer.from('名称,人口\n桂苑社区,1\n') },
    { name: 'a ZIP archive of something else', file: zipOf(Buffer.from('hello'), 5) },
    { name: 'a ZIP archive cut off', file: zipOf(Buffer.from('hello'), 5).subarray(0, 40) },
  ])('is refused where it is $name', async ({ file }) => {
    await expect(readSheet(file, 100)).rejects.toThrow(SheetUnreadable);
  });

  it('is refused before it fills the memory, whatever it says of its size', async () => {
    const bomb = zipOf(Buffer.alloc(64 * 1024 * 1024), 10);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(readSheet(bomb, 100)).rejects.toThrow(SheetTooLarge);
    expect(await unpacksWithin(zipOf(Buffer.alloc(1_000), 10), 1_000)).toBe(true);
    expect(await unpacksWithin(zipOf(Buffer.alloc(1_001), 10), 1_000)).toBe(false);
  });
});
