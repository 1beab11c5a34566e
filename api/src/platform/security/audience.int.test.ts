import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { newId, LectureId } from '@yike/contracts/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import type { Visitor } from '../../testing/visitor.ts';
import { AUDIENCE, type Audience } from './audience.ts';

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly audience: Audience | undefined;
}

let api: ApiUnderTest;
let routes: Route[];
const people = new Map<string, Visitor>();

beforeAll(async () => {
  api = await startApi();
  routes = routesOf(api.app.get(ModulesContainer));
  people.set('stranger', api.visitor());
  for (const name of ['resident', 'lecturer', 'admin'] as const) people.set(name, await api.signedIn(name));
});
afterAll(() => api.close());

/** Every route, as Nest has it; signing out comes last, since it ends the session that the others need. */
function routesOf(modules: ModulesContainer): Route[] {
  const found = [...modules.values()].flatMap(({ controllers }) =>
    [...controllers.values()].flatMap(({ metatype }) =>
      typeof metatype === 'function' ? routesOfClass(metatype) : [],
    ),
  );
  return found.sort((a, b) => Number(a.path === '/api/session') - Number(b.path === '/api/session'));
}

function routesOfClass(controller: { name: string; prototype?: unknown }): Route[] {
  const methods = Object.getOwnPropertyDescriptors(controller.prototype ?? {});
  return Object.values(methods).flatMap((method) => {
    const handler: unknown = method.value;
    return isHandler(handler) ? [routeOf(handler, controller)] : [];
  });
}

const isHandler = (value: unknown): value is object =>
  typeof value === 'function' && Reflect.hasMetadata('method', value);

function routeOf(handler: object, controller: object): Route {
  const prefix = String(Reflect.getMetadata('path', controller)).replace(/^\/$/, '');
  const audience: unknown =
    Reflect.getMetadata(AUDIENCE, handler) ?? Reflect.getMetadata(AUDIENCE, controller);
  return {
    method: RequestMethod[Number(Reflect.getMetadata('method', handler))] as Route['method'],
    path: `${prefix}${String(Reflect.getMetadata('path', handler))}`,
    audience: audience as Audience | undefined,
  };
}

/** With ids of things that are not there, or not theirs. */
const address = (path: string): string => path.replaceAll(/:\w+/g, () => newId(LectureId));

it('every route declares its audience', () => {
  expect(routes.length).toBeGreaterThan(30);
  expect(routes.filter(({ audience }) => audience === undefined)).toEqual([]);
});

describe.each(['stranger', 'resident', 'lecturer', 'admin'])('a %s', (name) => {
  it('is let in where they belong, and refused elsewhere, with the right words', async () => {
    const person = people.get(name)!;
    const wrong: unknown[] = [];
    for (const { method, path, audience } of routes) {
      const { status, body } = await person.send(method, address(path), method === 'GET' ? undefined : {});
      const code = (body as { code?: string } | null)?.code;
      const expected = refusalFor(name, audience!);
      const isRight = expected === undefined ? isAnswer(status, code) : code === expected;
      if (!isRight) wrong.push({ method, path, status, code, expected });
    }
    expect(wrong).toEqual([]);
  });
});

function refusalFor(name: string, audience: Audience): string | undefined {
  switch (audience.kind) {
    case 'public':
      return undefined;
    case 'node':
      return 'signature-invalid';
    case 'signed-in':
      return name === 'stranger' ? 'not-signed-in' : undefined;
    case 'roles':
      if (name === 'stranger') return 'not-signed-in';
      return audience.roles.some((role) => role === name) ? undefined : 'forbidden';
  }
}

/** Let in: it is answered, or there is no such thing, or the empty body is not the right one. Never our fault. */
const isAnswer = (status: number, code: string | undefined): boolean =>
  status < 300 || (status < 500 && !['forbidden', 'not-signed-in', 'signature-invalid'].includes(code ?? ''));
