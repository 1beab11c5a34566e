import {
  type BrokenOrgRow,
  ORG_COLUMNS,
  OrgCode,
  type OrgColumn,
  type OrgLevel,
  OrgName,
  type OrgRowProblem,
  Population,
} from '@yike/contracts/http/organisations';

/** A cell as the spreadsheet shows it. */
export interface SheetCell {
  readonly text: string;
  readonly isFormula: boolean;
}

/** A line of the sheet below its heading. */
export interface SheetLine {
  /** As the spreadsheet counts. */
  readonly line: number;
  /** A column that the sheet does not have is not there; one that is empty is an empty text. */
  readonly cells: Readonly<Partial<Record<OrgColumn, SheetCell>>>;
}

/** A row that was understood, as far as it was: what is broken in it stands in its problems. */
export interface SheetRow {
  readonly line: number;
  readonly level: OrgLevel | null;
  readonly name: string | null;
  /** Empty: none is named. */
  readonly parentCode: string;
  readonly parentName: string;
  /** Undefined where the sheet has no such column: then it stays as it is. */
  readonly institutionName: string | null | undefined;
  readonly population: number | null | undefined;
  readonly code: string | null | undefined;
  readonly problems: readonly BrokenOrgRow[];
}

export const HEADINGS: Readonly<Record<OrgColumn, string>> = {
  parentCode: '上级代码',
  parentName: '上级名称',
  level: '级别',
  name: '名称',
  institutionName: '机构名称',
  population: '人口',
  code: '代码',
};

/** The first is what is written. */
const LEVEL_WORDS: Readonly<Record<OrgLevel, readonly string[]>> = {
  city: ['市', '市级', 'city'],
  district: ['区县', '区', '县', '区级', 'district'],
  'sub-district': ['街道', '镇', '乡', '乡镇', '街道乡镇', 'sub-district'],
  community: ['社区', '村', '社区村', 'community'],
};

export const wordOfLevel = (level: OrgLevel): string => LEVEL_WORDS[level][0] ?? level;

const SHOWN_LENGTH = 60;

/** Which column stands where, by the sheet's first line; null where one that is needed is missing. */
export function columnsIn(headings: readonly string[]): ReadonlyMap<OrgColumn, number> | null {
  const known = ORG_COLUMNS.map((column) => {
    const at = headings.findIndex((heading) => heading.normalize('NFKC').trim() === HEADINGS[column]);
    return [column, at] as const;
  }).filter(([, at]) => at >= 0);
  const columns = new Map(known);
  const isEnough =
    columns.has('level') && columns.has('name') && (columns.has('parentCode') || columns.has('parentName'));
  return isEnough ? columns : null;
}

/** Reads one line by itself; how it stands to the others is {@link planImport}'s. */
export function readLine({ line, cells }: SheetLine): SheetRow {
  const problems: BrokenOrgRow[] = [];
  const broken = (column: OrgColumn, problem: OrgRowProblem): null => {
    problems.push({ line, column, problem, value: cut(cells[column]?.text ?? ''), otherLine: null });
    return null;
  };
  for (const column of ORG_COLUMNS) {
    if (cells[column]?.isFormula === true) broken(column, 'formula');
  }
  /** The cell's text, or null where there is nothing in it; read by `read`, whose null is a problem. */
  const optional = <T>(
    column: OrgColumn,
    problem: OrgRowProblem,
    read: (text: string) => T | null,
  ): T | null | undefined => {
    const cell = cells[column];
    if (cell === undefined) return undefined;
    const text = plain(cell.text);
    if (text === '' || cell.isFormula) return null;
    return read(text) ?? broken(column, problem);
  };
  const name = optional('name', 'name-invalid', nameIn);
  if (plain(cells.name?.text ?? '') === '') broken('name', 'name-missing');
  const level = optional('level', 'level-unknown', levelIn);
  if (plain(cells.level?.text ?? '') === '') broken('level', 'level-unknown');
  return {
    ...{ line, problems },
    level: level ?? null,
    name: name ?? null,
    parentCode: narrow(cells.parentCode?.text ?? ''),
    parentName: plain(cells.parentName?.text ?? ''),
    institutionName: optional('institutionName', 'institution-invalid', nameIn),
    population: optional('population', 'population-invalid', populationIn),
    code: optional('code', 'code-invalid', codeIn),
  };
}

/** Without the mark that keeps a spreadsheet from reading a text as a formula. */
const plain = (text: string): string =>
  text
    .normalize('NFC')
    .trim()
    .replace(/^'(?=[=+\-@])/, '');

/** Letters and digits of full width as the narrow ones. */
const narrow = (text: string): string => plain(text).normalize('NFKC').trim();

const nameIn = (text: string): string | null => OrgName.safeParse(text).data ?? null;
const codeIn = (text: string): string | null => OrgCode.safeParse(narrow(text)).data ?? null;

function levelIn(text: string): OrgLevel | null {
  const word = narrow(text)
    .replaceAll(/[（）()\s]/g, '')
    .toLowerCase();
  const found = Object.entries(LEVEL_WORDS).find(([, words]) => words.includes(word));
  return (found?.[0] as OrgLevel | undefined) ?? null; // a key of the table
}

function populationIn(text: string): number | null {
  const digits = narrow(text).replaceAll(',', '');
  return /^\d{1,9}$/.test(digits) ? (Population.safeParse(Number(digits)).data ?? null) : null;
}

export const cut = (text: string): string => Array.from(text).slice(0, SHOWN_LENGTH).join('');
