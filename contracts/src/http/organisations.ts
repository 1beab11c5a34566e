import { z } from 'zod';
import { DepartmentId, OrgUnitId } from '../ids.ts';
import { endpoint, NoContent, page, PageQuery } from './endpoint.ts';

/** From the top of the tree down: below each stands only the next. A tree of two or three levels begins lower. */
export const OrgLevel = z.enum(['city', 'district', 'sub-district', 'community']);
export type OrgLevel = z.infer<typeof OrgLevel>;

/** Text of one line: no control characters, no line ends, nothing that turns the direction of writing. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]*$/u)
    .transform((text) => text.normalize('NFC'));

export const OrgName = line(60);
/** Of an administrative division, or of one's own making. */
export const OrgCode = z.string().regex(/^[0-9A-Za-z-]{1,32}$/);
export const Population = z.int().min(0).max(100_000_000);

/** What may be said of a unit besides its place. */
export const OrgUnitEdit = z
  .strictObject({
    name: OrgName,
    /** 桂苑社区学习中心: the school that the unit runs. */
    institutionName: OrgName.nullable(),
    population: Population.nullable(),
    code: OrgCode.nullable(),
  })
  .meta({ id: 'OrgUnitEdit' });
export type OrgUnitEdit = z.infer<typeof OrgUnitEdit>;

export const OrgUnitPlan = OrgUnitEdit.extend({
  level: OrgLevel,
  /** Null for the top of a tree. */
  parentId: OrgUnitId.nullable(),
}).meta({ id: 'OrgUnitPlan' });
export type OrgUnitPlan = z.infer<typeof OrgUnitPlan>;

/** A place in the tree, as administration sees it. */
export const OrgUnit = z
  .object({
    id: OrgUnitId,
    parentId: OrgUnitId.nullable(),
    level: OrgLevel,
    name: z.string(),
    institutionName: z.string().nullable(),
    population: z.int().nullable(),
    code: z.string().nullable(),
    /** Whose home it is itself, those of the units below not counted. */
    residents: z.int(),
    mergedIntoId: OrgUnitId.nullable(),
    closedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'OrgUnit' });
export type OrgUnit = z.infer<typeof OrgUnit>;

export const Department = z.object({ id: DepartmentId, name: z.string(), code: z.string().nullable() });
export type Department = z.infer<typeof Department>;
export const DepartmentEdit = z.strictObject({ name: OrgName, code: OrgCode.nullable() });
export type DepartmentEdit = z.infer<typeof DepartmentEdit>;

/** What happened to a unit. `absorbed`: another was merged into it. */
export const OrgChangeKind = z.enum(['created', 'edited', 'moved', 'merged', 'absorbed', 'closed']);
export type OrgChangeKind = z.infer<typeof OrgChangeKind>;

/** A field that changed. Units are told by name; null is "nothing". */
export const OrgFieldChange = z.object({
  field: z.enum([
    'name',
    'level',
    'parent',
    'institutionName',
    'population',
    'code',
    'mergedInto',
    'absorbed',
  ]),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type OrgFieldChange = z.infer<typeof OrgFieldChange>;

export const OrgUnitStep = z.object({
  id: z.string(),
  kind: OrgChangeKind,
  at: z.iso.datetime(),
  /** Null where the set-up did it. */
  by: z.string().nullable(),
  changes: z.array(OrgFieldChange),
});
export type OrgUnitStep = z.infer<typeof OrgUnitStep>;

export const OrgUnitDetail = z
  .object({
    unit: OrgUnit,
    departments: z.array(Department),
    /** The last 50 steps, latest first. */
    history: z.array(OrgUnitStep),
  })
  .meta({ id: 'OrgUnitDetail' });
export type OrgUnitDetail = z.infer<typeof OrgUnitDetail>;

/** A community to live in, with the names of the units above it, from the top. */
export const CommunityChoice = z.object({
  id: OrgUnitId,
  name: z.string(),
  institutionName: z.string().nullable(),
  above: z.array(z.string()),
});
export type CommunityChoice = z.infer<typeof CommunityChoice>;

/** Open communities in whose line of names every word of `q` occurs: 「江南 桂苑」. For everyone: who registers chooses a home. */
export const searchCommunities = endpoint({
  method: 'GET',
  path: '/api/organisations/communities',
  query: PageQuery.extend({ q: z.string().trim().max(60).default('') }),
  reply: page(CommunityChoice),
});

/** Units and all below them that the caller may look after, each after its parent. */
export const listOrganisations = endpoint({
  method: 'GET',
  path: '/api/admin/organisations',
  query: z.strictObject({
    /** Only this one and what is below it. */
    under: OrgUnitId.optional(),
    closed: z.enum(['yes', 'no']).default('no'),
  }),
  reply: z.object({ units: z.array(OrgUnit) }),
});

export const getOrganisation = endpoint({
  method: 'GET',
  path: '/api/admin/organisations/:orgUnitId',
  reply: OrgUnitDetail,
});

/** 409 `organisation-level-unfit`, `organisation-name-taken`, `organisation-code-taken`, `organisation-closed`. */
export const createOrganisation = endpoint({
  method: 'POST',
  path: '/api/admin/organisations',
  body: OrgUnitPlan,
  reply: OrgUnit,
});

/** 409 `organisation-name-taken`, `organisation-code-taken`, `organisation-closed`. */
export const editOrganisation = endpoint({
  method: 'PATCH',
  path: '/api/admin/organisations/:orgUnitId',
  body: OrgUnitEdit,
  reply: OrgUnit,
});

const Reason = z.string().trim().min(2).max(200);

/** With all that is below. 409 `organisation-level-unfit`, `organisation-name-taken`, `organisation-closed`. */
export const moveOrganisation = endpoint({
  method: 'POST',
  path: '/api/admin/organisations/:orgUnitId/move',
  body: z.strictObject({ parentId: OrgUnitId, reason: Reason }),
  reply: OrgUnit,
});

/** Residents and the units below go to the other; this one is closed and kept. 409 as for a move. */
export const mergeOrganisation = endpoint({
  method: 'POST',
  path: '/api/admin/organisations/:orgUnitId/merge',
  body: z.strictObject({ intoId: OrgUnitId, reason: Reason }),
  reply: OrgUnit,
});

/** 409 `organisation-not-empty` while someone is at home there or an open unit is below. */
export const closeOrganisation = endpoint({
  method: 'POST',
  path: '/api/admin/organisations/:orgUnitId/close',
  body: z.strictObject({ reason: Reason }),
  reply: OrgUnit,
});

/** 409 `organisation-name-taken`. */
export const addDepartment = endpoint({
  method: 'POST',
  path: '/api/admin/organisations/:orgUnitId/departments',
  body: DepartmentEdit,
  reply: Department,
});
export const editDepartment = endpoint({
  method: 'PATCH',
  path: '/api/admin/organisations/:orgUnitId/departments/:departmentId',
  body: DepartmentEdit,
  reply: Department,
});
export const removeDepartment = endpoint({
  method: 'DELETE',
  path: '/api/admin/organisations/:orgUnitId/departments/:departmentId',
  reply: NoContent,
});

/** Columns of the sheet, in its order. */
export const ORG_COLUMNS = [
  'parentCode',
  'parentName',
  'level',
  'name',
  'institutionName',
  'population',
  'code',
] as const;
export type OrgColumn = (typeof ORG_COLUMNS)[number];

/** Why a row cannot be taken over. */
export const OrgRowProblem = z.enum([
  'formula',
  'level-unknown',
  'level-changed',
  'level-unfit',
  'name-missing',
  'name-invalid',
  'name-taken',
  'institution-invalid',
  'population-invalid',
  'code-invalid',
  'code-twice',
  'row-twice',
  'parent-missing',
  'parent-unknown',
  'parent-ambiguous',
  'parent-contradicts',
  'not-yours',
]);
export type OrgRowProblem = z.infer<typeof OrgRowProblem>;

export const BrokenOrgRow = z.object({
  /** As the spreadsheet counts: the heading is line 1. */
  line: z.int(),
  column: z.enum(ORG_COLUMNS),
  problem: OrgRowProblem,
  /** What stands there, cut to 60 characters. */
  value: z.string(),
  /** The other line that it collides with. */
  otherLine: z.int().nullable(),
});
export type BrokenOrgRow = z.infer<typeof BrokenOrgRow>;

export const OrgImportPreview = z
  .object({
    /** To be given back with the same file. Null while a row is broken: then nothing can be imported. */
    token: z.string().nullable(),
    created: z.array(
      z.object({ line: z.int(), name: z.string(), level: OrgLevel, parentName: z.string().nullable() }),
    ),
    changed: z.array(z.object({ line: z.int(), name: z.string(), changes: z.array(OrgFieldChange) })),
    unchanged: z.int(),
    broken: z.array(BrokenOrgRow),
  })
  .meta({ id: 'OrgImportPreview' });
export type OrgImportPreview = z.infer<typeof OrgImportPreview>;

/** The media type of a sheet, as it is sent and answered. */
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const MAX_SHEET_BYTES = 2 * 1024 * 1024;
export const MAX_SHEET_ROWS = 5_000;

/** A file of {@link XLSX_TYPE}, sent as it is. */
const Sheet = z.custom<Pick<Blob, 'size' | 'type'>>((value) => value instanceof Blob);

/** The body is the sheet itself, of {@link XLSX_TYPE}. 422 `sheet-unreadable`; 413 over 2 MB or 5,000 rows. Changes nothing. */
export const previewOrganisationImport = endpoint({
  method: 'POST',
  path: '/api/admin/organisations/import/preview',
  body: Sheet,
  reply: OrgImportPreview,
});

/** The same file again, with the preview's token: all of it or nothing. 409 `organisations-changed`: the tree or the file is another since. */
export const importOrganisations = endpoint({
  method: 'POST',
  path: '/api/admin/organisations/import',
  query: z.strictObject({ token: z.string().max(200) }),
  body: Sheet,
  reply: z.object({ created: z.int(), changed: z.int() }),
});

/** The sheet of all open units that the caller may look after (or of those under one): importing it changes nothing. */
export const exportOrganisations = endpoint({
  method: 'GET',
  path: '/api/admin/organisations/export.xlsx',
  query: z.strictObject({ under: OrgUnitId.optional() }),
  reply: z.unknown(),
});
