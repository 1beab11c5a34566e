import { LectureId, newId } from '@yike/contracts/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS, type Action, ruleOf } from '../../domain/policy/actions.ts';
import { type ApiUnderTest, type DemoName, startApi } from '../../testing/api-under-test.ts';
import { type ApiSurface, apiSurface } from '../../testing/api-surface.ts';
import type { Visitor } from '../../testing/visitor.ts';

const PEOPLE: readonly (readonly [DemoName, role: string])[] = [
  ['resident', 'resident'],
  ['lecturer', 'lecturer'],
  ['community', 'administrator'],
  ['curator', 'curator'],
  ['auditor', 'auditor'],
  ['admin', 'platform-administrator'],
];

let api: ApiUnderTest;
let surface: ApiSurface;
const people = new Map<string, Visitor>();

beforeAll(async () => {
  api = await startApi();
  surface = apiSurface(api.app);
  people.set('stranger', api.visitor());
  for (const [name, role] of PEOPLE) people.set(role, await api.signedIn(name));
});
afterAll(() => api.close());

it('every route and every socket event names an action', () => {
  expect(surface.routes.length).toBeGreaterThan(30);
  expect(surface.events.length).toBeGreaterThan(2);
  expect([...surface.routes, ...surface.events].filter(({ action }) => action === undefined)).toEqual([]);
});

it('every action is done by something', () => {
  const done = new Set([...surface.routes, ...surface.events].map(({ action }) => action));
  const inside: readonly Action[] = ['broadcast.publish', 'role.grant-administrator'];
  const names = Object.keys(ACTIONS) as Action[];
  expect(names.filter((action) => !done.has(action) && !inside.includes(action))).toEqual([]);
});

describe.each(['stranger', ...PEOPLE.map(([, role]) => role)])('a %s', (role) => {
  it('is let in where they may be, and refused elsewhere, with the right words', async () => {
    const person = people.get(role)!;
    const wrong: unknown[] = [];
    for (const { method, path, action } of inOrder(surface)) {
      const { status, body } = await person.send(method, address(path), method === 'GET' ? undefined : {});
      const code = (body as { code?: string } | null)?.code;
      const expected = refusalFor(role, action!);
      const isRight = expected === undefined ? isAnswer(status, code) : code === expected;
      if (!isRight) wrong.push({ method, path, status, code, expected });
    }
    expect(wrong).toEqual([]);
  });
});

/** Signing out comes last, since it ends the session that the others need. */
const inOrder = ({ routes }: ApiSurface) =>
  routes.toSorted((a, b) => Number(a.path === '/api/session') - Number(b.path === '/api/session'));

/** With ids of things that are not there, or not theirs. */
const address = (path: string): string => path.replaceAll(/:\w+/g, () => newId(LectureId));

function refusalFor(role: string, action: Action): string | undefined {
  const { scope, by, stepUp } = ruleOf(action);
  if (scope === 'anyone') return undefined;
  if (scope === 'node') return 'signature-invalid';
  if (role === 'stranger') return 'not-signed-in';
  if (by?.some((each) => each === role) === false) return 'forbidden';
  return stepUp ? 'step-up-needed' : undefined;
}

/** Let in: it is answered, or there is no such thing, or the empty body is not the right one. Never our fault. */
const isAnswer = (status: number, code: string | undefined): boolean =>
  status < 300 || (status < 500 && !['forbidden', 'not-signed-in', 'signature-invalid'].includes(code ?? ''));
