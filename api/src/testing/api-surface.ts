import 'reflect-metadata';
import { type INestApplicationContext, RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Action } from '../domain/policy/actions.ts';
import { type SocketEvent, socketEvents } from '../platform/realtime/socket-door.ts';
import { actionOf } from '../platform/security/does.ts';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Undefined where it names none. */
  readonly action: Action | undefined;
}

/** All that can be asked of the API from outside, as the framework has it. */
export interface ApiSurface {
  readonly routes: readonly Route[];
  readonly events: readonly SocketEvent[];
}

export function apiSurface(app: Pick<INestApplicationContext, 'get'>): ApiSurface {
  const modules = app.get(ModulesContainer);
  const controllers = [...modules.values()].flatMap((each) => [...each.controllers.values()]);
  const routes = controllers.flatMap(({ metatype }) =>
    typeof metatype === 'function' ? routesOf(metatype) : [],
  );
  return { routes, events: socketEvents(modules) };
}

function routesOf(controller: { prototype?: unknown }): Route[] {
  const methods = Object.values(Object.getOwnPropertyDescriptors(controller.prototype ?? {}));
  return methods.flatMap(({ value: handler }: PropertyDescriptor) =>
    isHandler(handler) ? [routeOf(handler, controller)] : [],
  );
}

const isHandler = (value: unknown): value is object =>
  typeof value === 'function' && Reflect.hasMetadata('method', value);

function routeOf(handler: object, controller: object): Route {
  const prefix = String(Reflect.getMetadata('path', controller)).replace(/^\/$/, '');
  return {
    method: RequestMethod[Number(Reflect.getMetadata('method', handler))] as Route['method'],
    path: `${prefix}${String(Reflect.getMetadata('path', handler))}`,
    action: actionOf(handler, controller),
  };
}
