import { applyDecorators, Body, HttpCode, Param, Query, RequestMapping, RequestMethod } from '@nestjs/common';
import type { Endpoint } from '@yike/contracts/http/endpoint';
import { z } from 'zod';

/** Serves an endpoint of the contract: its method, its path, and 204 where it has no reply. */
export const Serves = ({ method, path, reply }: Endpoint): MethodDecorator =>
  applyDecorators(
    RequestMapping({ method: RequestMethod[method], path }),
    HttpCode(reply instanceof z.ZodUndefined ? 204 : 200),
  );

/** The endpoint's body, checked: `@BodyOf(planLecture) plan: LecturePlan`. */
export const BodyOf = ({ body }: Endpoint & { body: z.ZodType }): ParameterDecorator =>
  Body({ schema: body });

/** The endpoint's query, checked. */
export const QueryOf = ({ query }: Endpoint & { query: z.ZodType }): ParameterDecorator =>
  Query({ schema: query });

/** A parameter of the path, checked: an id that is none is refused before anything is asked. */
export const IdParam = (name: string, schema: z.ZodType<string>): ParameterDecorator =>
  Param(name, { schema });

export type QueryIn<E extends Endpoint> = z.output<NonNullable<E['query']>>;
export type ReplyOf<E extends Endpoint> = z.output<E['reply']>;
