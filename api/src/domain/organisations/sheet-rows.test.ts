import type { OrgColumn } from '@yike/contracts/http/organisations';
import { describe, expect, it } from 'vitest';
import { columnsIn, readLine, type SheetCell } from './sheet-rows.ts';

const cell = (text: string): SheetCell => ({ text, isFormula: false });
const line = (cells: Partial<Record<OrgColumn, string>>) =>
  readLine({
    line: 2,
    cells: Object.fromEntries(Object.entries(cells).map(([column, text]) => [column, cell(text)])),
  });
const whole = { parentName: '江南街道', level: '社区', name: '桂苑社区', population: '18200', code: '01' };

describe('the heading', () => {
  it('is found in any order, in full width too', () => {
    const columns = columnsIn(['名称', ' 级别 ', '', '上级名称', '人口']);
    expect(columns && Object.fromEntries(columns)).toEqual({
      name: 0,
      level: 1,
      parentName: 3,
      population: 4,
    });
  });
  it.each([
    { name: 'nothing', headings: [] },
    { name: 'no name', headings: ['级别', '上级代码'] },
    { name: 'no level', headings: ['名称', '上级代码'] },
    { name: 'no parent', headings: ['名称', '级别', '代码'] },
  ])('with $name is none', ({ headings }) => expect(columnsIn(headings)).toBeNull());
});

describe('a line', () => {
  it('is read', () =>
    expect(line(whole)).toEqual({
      ...{ line: 2, level: 'community', name: '桂苑社区', parentCode: '', parentName: '江南街道' },
      ...{ institutionName: undefined, population: 18_200, code: '01', problems: [] },
    }));

  it.each([
    ['level', '街道', 'sub-district'],
    ['level', '区（县）', 'district'],
    ['level', 'City', 'city'],
    ['population', '12,500', 12_500],
    ['population', '１２５００', 12_500],
    ['population', ' ', null],
    ['code', 'ＡＢ－01', 'AB-01'],
    ['code', '', null],
    ['name', "'=桂苑", '=桂苑'],
    ['institutionName', "'@学校", '@学校'],
  ] as const)('%s: %s is %s', (column, text, value) => {
    const row = line({ ...whole, [column]: text });
    expect(row[column]).toBe(value);
    expect(row.problems).toEqual([]);
  });

  it.each([
    ['level', '小区', 'level-unknown'],
    ['level', '', 'level-unknown'],
    ['name', ' ', 'name-missing'],
    ['name', '甲\n乙', 'name-invalid'],
    ['name', '长'.repeat(61), 'name-invalid'],
    ['institutionName', '甲\u202e乙', 'institution-invalid'],
    ['population', '-1', 'population-invalid'],
    ['population', '1.5', 'population-invalid'],
    ['population', '1e3', 'population-invalid'],
    ['population', '999999999', 'population-invalid'],
    ['code', '甲 1', 'code-invalid'],
  ] as const)('%s: %s is told', (column, text, problem) => {
    const { problems } = line({ ...whole, [column]: text });
    expect(problems).toMatchObject([{ line: 2, column, problem }]);
    expect(problems[0]?.value.length).toBeLessThanOrEqual(60);
  });

  it('with a formula is told, whatever the formula gives', () => {
    const cells = {
      level: cell('社区'),
      name: { text: '桂苑', isFormula: true },
      parentName: cell('江南街道'),
    };
    expect(readLine({ line: 7, cells }).problems).toMatchObject([
      { line: 7, column: 'name', problem: 'formula' },
    ]);
  });
});
