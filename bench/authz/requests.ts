import { anyone, byRole, type Expectation, nobody, owner, ownerWho, signedIn, within } from './places.ts';
import type { Things } from './things.ts';

/** One way to ask a route or an event, and who is to get through. */
export interface AuthzRequest {
  /** `METHOD /path`, or `socket event`, as the API has it. */
  readonly of: string;
  /** What is special about it, where a route is asked in more than one way. */
  readonly how?: string;
  readonly expected: Expectation;
  /** Values of the path's parameters. */
  readonly params?: (things: Things) => Promise<Record<string, string>>;
  readonly query?: (things: Things) => Promise<Record<string, string>>;
  readonly body?: (things: Things) => Promise<unknown>;
  /** For lists that anybody of a role may ask: it gets through where the answer holds this thing. */
  readonly shows?: (things: Things) => Promise<string>;
}

const LECTURE_PLAN = {
  ...{ title: '讲座', summary: '', topic: 'health', plannedMinutes: 60, givesCertificate: false },
  startsAt: new Date(Date.now() + 86_400_000).toISOString(),
};
const REASON = { reason: '权限检查' };
const WORDS = { name: 'name', institutionName: null, population: null, code: null };

const lecture = async (things: Things) => ({ lectureId: await things.lectureId() });
const broadcast = async (things: Things) => ({ broadcastId: await things.broadcastId() });
const playback = async (things: Things) => ({ playbackId: await things.playbackId() });
const unit = async (things: Things) => ({ orgUnitId: await things.unitId() });
const spareUnit = async (things: Things) => ({ orgUnitId: await things.spareUnitId() });
const department = async (things: Things) => ({
  ...(await unit(things)),
  departmentId: await things.departmentId(),
});
const certificate = async (things: Things) => ({ number: await things.certificateNumber() });
const now =
  <T>(value: T) =>
  () =>
    Promise.resolve(value);
const namedUniquely = () => Promise.resolve({ ...WORDS, name: `name ${Math.random()}` });

const OBSERVERS = ['curator', 'administrator', 'auditor'] as const;
const OVERSEERS = ['administrator', 'auditor'] as const;
const CURATORS = ['curator', 'administrator'] as const;

const wantedRole = (role: string) => async (things: Things) => ({
  ...{ userId: await things.residentId(), role, orgUnitId: await things.unitId(), validTo: null },
  ...REASON,
});

/** What every route and every event is asked. A route that is not here is a gap, and the bench says so. */
export const REQUESTS: readonly AuthzRequest[] = [
  { of: 'GET /health', expected: anyone },
  { of: 'GET /ready', expected: anyone },
  { of: 'GET /metrics', expected: anyone },
  { of: 'PUT /api/internal/media-nodes/:nodeId', params: now({ nodeId: 'local' }), expected: nobody },
  { of: 'POST /api/internal/media-events', body: now({ events: [] }), expected: nobody },

  { of: 'POST /api/session', expected: anyone },
  { of: 'DELETE /api/session', expected: anyone },
  { of: 'POST /api/session/by-code', expected: anyone },
  { of: 'POST /api/session/step-up', expected: signedIn },
  { of: 'POST /api/session/step-up/code', expected: signedIn },
  { of: 'POST /api/registration', expected: anyone },
  { of: 'POST /api/codes', expected: anyone },
  { of: 'GET /api/demo-accounts', expected: anyone },
  { of: 'GET /api/me', expected: anyone },
  { of: 'PATCH /api/me', body: now({}), expected: signedIn },
  { of: 'DELETE /api/me', expected: signedIn },
  { of: 'GET /api/me/data', expected: signedIn },
  { of: 'GET /api/me/export', expected: signedIn },
  { of: 'PUT /api/me/phone', expected: signedIn },
  { of: 'PUT /api/me/home', expected: signedIn },
  { of: 'PUT /api/me/password', body: now({ password: 'a long password' }), expected: signedIn },
  { of: 'GET /api/me/sessions', expected: signedIn },
  { of: 'DELETE /api/me/sessions', expected: signedIn },
  {
    of: 'DELETE /api/me/sessions/:sessionId',
    params: async (things) => ({ sessionId: await things.sessionId() }),
    expected: owner,
  },

  { of: 'GET /api/lectures', query: now({ when: 'coming' }), expected: anyone },
  { of: 'GET /api/lectures/:lectureId', params: lecture, expected: anyone },
  { of: 'GET /api/studio/lectures', expected: byRole('lecturer'), query: now({}) },
  {
    of: 'GET /api/studio/lectures',
    how: 'shows',
    shows: (things) => things.lectureId(),
    expected: ownerWho('lecturer'),
  },
  { of: 'POST /api/lectures', body: now(LECTURE_PLAN), expected: byRole('lecturer') },
  {
    of: 'PUT /api/lectures/:lectureId',
    params: lecture,
    body: now(LECTURE_PLAN),
    expected: ownerWho('lecturer'),
  },
  { of: 'DELETE /api/lectures/:lectureId', params: lecture, expected: ownerWho('lecturer') },
  { of: 'GET /api/admin/lectures/:lectureId/attendance', params: lecture, expected: within(...OBSERVERS) },
  { of: 'POST /api/lectures/:lectureId/broadcast', params: lecture, expected: ownerWho('lecturer') },
  { of: 'GET /api/broadcasts/:broadcastId', params: broadcast, expected: anyone },
  {
    of: 'POST /api/broadcasts/:broadcastId/join',
    how: 'viewer',
    params: broadcast,
    body: now({ as: 'viewer' }),
    expected: signedIn,
  },
  {
    of: 'POST /api/broadcasts/:broadcastId/join',
    how: 'publisher',
    params: broadcast,
    body: now({ as: 'publisher' }),
    expected: ownerWho('lecturer'),
  },
  {
    of: 'POST /api/broadcasts/:broadcastId/end',
    params: broadcast,
    body: now({ now: false }),
    expected: ownerWho('lecturer'),
  },
  { of: 'POST /api/broadcasts/:broadcastId/undo-end', params: broadcast, expected: ownerWho('lecturer') },
  {
    of: 'POST /api/broadcasts/:broadcastId/stop',
    params: broadcast,
    body: now(REASON),
    expected: within(...CURATORS),
  },

  { of: 'GET /api/courses', expected: anyone },
  {
    of: 'GET /api/courses/:courseId',
    params: async (things) => ({ courseId: await things.courseId() }),
    expected: anyone,
  },
  { of: 'GET /api/me/continue-watching', expected: signedIn },
  { of: 'POST /api/playbacks', expected: signedIn },
  // Beats of somebody else's session are answered and count for nobody: `npm run bench -- cheat`.
  {
    of: 'POST /api/playbacks/:playbackId/beats',
    params: playback,
    body: now({ beats: [] }),
    expected: signedIn,
  },
  { of: 'DELETE /api/playbacks/:playbackId', params: playback, expected: owner },
  { of: 'GET /api/playbacks/:playbackId/summary', params: playback, expected: owner },
  { of: 'GET /api/me/viewing-sessions', expected: signedIn },
  ...['index.m3u8', 'video.m3u8', 'audio.m3u8', 'c/:file', 's/:epoch/:track/:file', 'i/:epoch/:file'].map(
    // Whose it is the token says, which nobody can guess.
    (file) => ({ of: `GET /playback/:token/${file}`, expected: anyone }),
  ),

  { of: 'GET /api/me/account', expected: signedIn },
  { of: 'GET /api/me/statement', query: now({ asset: 'class-time' }), expected: signedIn },
  { of: 'GET /api/admin/ledger', expected: byRole('platform-administrator') },
  { of: 'GET /api/me/certificates', expected: signedIn },
  { of: 'GET /api/certificates/:number', params: certificate, expected: anyone },
  { of: 'GET /api/certificates/:number/pdf', params: certificate, expected: owner },

  { of: 'GET /api/organisations/communities', expected: anyone },
  {
    of: 'GET /api/admin/organisations',
    // As a unit of its own; the one above names it too.
    shows: async (things) => `"id":"${await things.unitId()}"`,
    expected: within(...OBSERVERS),
  },
  {
    of: 'GET /api/admin/organisations/export.xlsx',
    expected: byRole(...OBSERVERS, 'platform-administrator'),
  },
  {
    of: 'POST /api/admin/organisations/import/preview',
    expected: byRole('administrator', 'platform-administrator'),
  },
  {
    of: 'POST /api/admin/organisations/import',
    query: now({ token: 'none' }),
    expected: byRole('administrator', 'platform-administrator'),
  },
  { of: 'GET /api/admin/organisations/:orgUnitId', params: unit, expected: within(...OBSERVERS) },
  {
    of: 'POST /api/admin/organisations',
    body: async (things) => ({
      ...(await namedUniquely()),
      ...{ level: 'community', parentId: things.world.parentAt(things.place) },
    }),
    expected: within('administrator'),
  },
  {
    of: 'PATCH /api/admin/organisations/:orgUnitId',
    params: spareUnit,
    body: namedUniquely,
    expected: within('administrator'),
  },
  {
    of: 'POST /api/admin/organisations/:orgUnitId/move',
    params: spareUnit,
    body: (things) => Promise.resolve({ parentId: things.world.parentAt(things.place), ...REASON }),
    expected: within('administrator'),
  },
  {
    of: 'POST /api/admin/organisations/:orgUnitId/merge',
    params: spareUnit,
    body: async (things) => ({ intoId: await things.spareUnitId(), ...REASON }),
    expected: within('administrator'),
  },
  {
    of: 'POST /api/admin/organisations/:orgUnitId/close',
    params: spareUnit,
    body: now(REASON),
    expected: within('administrator'),
  },
  {
    of: 'POST /api/admin/organisations/:orgUnitId/departments',
    params: unit,
    body: () => Promise.resolve({ name: `department ${Math.random()}`, code: null }),
    expected: within('administrator'),
  },
  {
    of: 'PATCH /api/admin/organisations/:orgUnitId/departments/:departmentId',
    params: department,
    body: () => Promise.resolve({ name: `department ${Math.random()}`, code: null }),
    expected: within('administrator'),
  },
  {
    of: 'DELETE /api/admin/organisations/:orgUnitId/departments/:departmentId',
    params: department,
    expected: within('administrator'),
  },

  {
    of: 'POST /api/admin/residents/search',
    body: now({ sort: 'newest' }),
    shows: (things) => things.registeredId(),
    expected: within(...OVERSEERS),
  },
  {
    of: 'GET /api/admin/residents/:userId',
    params: async (things) => ({ userId: await things.registeredId() }),
    expected: within(...OVERSEERS),
  },
  {
    of: 'POST /api/admin/residents/:userId/reveal',
    params: async (things) => ({ userId: await things.registeredId() }),
    body: now({ field: 'name', ...REASON }),
    expected: within('administrator'),
  },

  {
    of: 'GET /api/admin/role-grants',
    query: now({ limit: '100' }),
    shows: (things) => things.grantId(),
    expected: within(...OVERSEERS),
  },
  { of: 'POST /api/admin/role-grants', body: wantedRole('tutor'), expected: within('administrator') },
  {
    of: 'POST /api/admin/role-grants',
    how: 'above the own',
    body: wantedRole('platform-administrator'),
    expected: { ...nobody, ancestor: ['platform-administrator'] },
  },
  {
    of: 'POST /api/admin/role-grants/:grantId/end',
    params: async (things) => ({ grantId: await things.grantId() }),
    body: now(REASON),
    expected: within('administrator'),
  },
  {
    of: 'GET /api/admin/approvals',
    query: now({ limit: '100' }),
    shows: (things) => things.approvalId(),
    expected: within(...OVERSEERS),
  },
  {
    of: 'POST /api/admin/approvals/:approvalId/decision',
    params: async (things) => ({ approvalId: await things.approvalId() }),
    body: now({ agree: true, ...REASON }),
    expected: within('administrator'),
  },
  {
    of: 'POST /api/admin/approvals/:approvalId/decision',
    how: 'alone',
    params: async (things) => ({ approvalId: await things.approvalId('oneself') }),
    body: now({ agree: true, ...REASON }),
    expected: nobody,
  },
  {
    of: 'GET /api/admin/audit',
    query: now({ limit: '100' }),
    shows: (things) => things.auditedId(),
    expected: within(...OVERSEERS),
  },
  {
    of: 'GET /api/admin/audit/table.csv',
    shows: (things) => things.auditedId(),
    expected: within(...OVERSEERS),
  },
  { of: 'GET /api/admin/audit/actions', expected: byRole(...OVERSEERS, 'platform-administrator') },

  { of: 'socket broadcast:follow', body: broadcast, expected: anyone },
  { of: 'socket viewing:beat', body: now({ beats: [] }), expected: signedIn },
  { of: 'socket lease:take', body: playback, expected: owner },
];
