import type { Lecture } from '@yike/contracts/http/lectures';
import { LectureId, newId, RoleGrantId } from '@yike/contracts/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { planLecture } from '../../testing/lectures.ts';
import type { Answer, Visitor } from '../../testing/visitor.ts';

let api: ApiUnderTest;
let lecturer: Visitor;
beforeAll(async () => {
  api = await startApi();
  lecturer = await api.signedIn('lecturer');
});
afterAll(() => api.close());

interface Page {
  readonly items: Lecture[];
  readonly nextCursor: string | null;
}

const plan = {
  title: '社区合唱入门',
  summary: '从呼吸开始',
  topic: 'arts',
  startsAt: '2099-05-01T11:30:00.000Z',
  plannedMinutes: 45,
};
const titles = async (path: string) =>
  (await lecturer.get<{ items: Lecture[] }>(path)).body.items.map(({ title }) => title);

describe('a plan', () => {
  it('is seen by all, changed and cancelled by its lecturer', async () => {
    const { body: lecture, status } = await lecturer.post<Lecture>('/api/lectures', plan);
    expect(status).toBe(200);
    expect(lecture).toMatchObject({
      ...plan,
      givesCertificate: true,
      state: 'scheduled',
      lecturer: { displayName: '陈老师' },
      orgUnitName: '滨江区社区学院',
      broadcastId: null,
    });
    expect((await api.visitor().get<Lecture>(`/api/lectures/${lecture.id}`)).body).toEqual(lecture);
    const changed = await lecturer.send<Lecture>('PUT', `/api/lectures/${lecture.id}`, {
      ...plan,
      title: '合唱',
    });
    expect(changed.body).toMatchObject({ id: lecture.id, title: '合唱' });
    expect(await titles('/api/lectures?limit=100')).toContain('合唱');
    expect((await lecturer.send('DELETE', `/api/lectures/${lecture.id}`)).status).toBe(204);
    expect(await titles('/api/lectures?limit=100')).not.toContain('合唱');
    expect(await lecturer.refusal('PUT', `/api/lectures/${lecture.id}`, plan)).toBe('lecture-not-editable');
  });

  it('of someone else is not to be touched', async () => {
    const lecture = await planLecture(lecturer);
    await api.sql(
      `INSERT INTO role_grants (id, user_id, role, org_unit_id, valid_from, reason)
       SELECT $1, id, 'lecturer', org_unit_id, now(), 'a test' FROM users WHERE username = 'resident2'`,
      [newId(RoleGrantId)],
    );
    const other = await api.signedIn('resident2');
    expect(await other.refusal('PUT', `/api/lectures/${lecture.id}`, plan)).toBe('forbidden');
    expect(await other.refusal('DELETE', `/api/lectures/${lecture.id}`)).toBe('forbidden');
    expect(await other.refusal('PUT', `/api/lectures/${newId(LectureId)}`, plan)).toBe('not-found');
  });

  it.each([
    { name: 'no title', change: { title: ' ' } },
    { name: 'a topic of their own', change: { topic: 'politics' } },
    { name: 'a day of their own calendar', change: { startsAt: '2099-05-01 19:30' } },
    { name: 'no time at all', change: { plannedMinutes: 0 } },
    { name: 'a day and more', change: { plannedMinutes: 1_441 } },
    { name: 'what they cannot know', change: { lecturerId: newId(LectureId) } },
  ])('with $name is refused', async ({ change }) => {
    expect(await lecturer.refusal('POST', '/api/lectures', { ...plan, ...change })).toBe('invalid-request');
  });
});

describe('the list', () => {
  it('comes page by page, each lecture once, soonest first', async () => {
    for (let i = 0; i < 5; i += 1) await planLecture(lecturer);
    const seen: Lecture[] = [];
    for (let path: string | null = '/api/lectures?limit=2'; path !== null;) {
      const { body }: Answer<Page> = await lecturer.get<Page>(path);
      seen.push(...body.items);
      path = body.nextCursor && `/api/lectures?limit=2&cursor=${body.nextCursor}`;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.map(({ startsAt }) => startsAt)).toEqual(seen.map(({ startsAt }) => startsAt).sort());
    expect(seen.length).toBeGreaterThanOrEqual(5);
  });

  it.each(['limit=0', 'limit=101', 'cursor=nonsense', 'cursor=WzFd', 'when=never', 'extra=1'])(
    'refuses %s',
    async (query) => {
      expect(await lecturer.refusal('GET', `/api/lectures?${query}`)).toBe('invalid-request');
    },
  );

  it('of the studio has one’s own', async () => {
    const { body } = await lecturer.get<{ items: Lecture[] }>('/api/studio/lectures');
    expect(new Set(body.items.map((each) => each.lecturer.displayName))).toEqual(new Set(['陈老师']));
  });
});
