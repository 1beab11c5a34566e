import type { Endpoint } from '@yike/contracts/http/endpoint';
import { Problem, problem, type ProblemCode } from '@yike/contracts/problem';
import { REQUEST_ID_HEADER } from '@yike/contracts/request-id';
import type { z } from 'zod';
import { newRequestId } from './request-id.ts';

/** A refused or failed call. `problem.code` is what the words are chosen by; `detail` is for engineers only. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  constructor(facts: Problem, options?: ErrorOptions) {
    super(facts.detail ?? facts.title, options);
    this.problem = facts;
  }

  get code(): ProblemCode {
    return this.problem.code;
  }
}

type ParamName<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type Part<Name extends string, Value> = [Value] extends [never] ? unknown : Record<Name, Value>;
type Params<E extends Endpoint> = [ParamName<E['path']>] extends [never]
  ? never
  : Record<ParamName<E['path']>, string>;
type Body<E extends Endpoint> = E extends { body: infer B extends z.ZodType } ? z.input<B> : never;
type Query<E extends Endpoint> = E extends { query: infer Q extends z.ZodType } ? Partial<z.input<Q>> : never;

/** What a call to this endpoint must be given: its path's parameters and its body; its query where wanted. */
export type Request<E extends Endpoint> = Part<'params', Params<E>> &
  Part<'body', Body<E>> & { query?: Query<E>; signal?: AbortSignal };
export type Reply<E extends Endpoint> = z.infer<E['reply']>;

/** Any part of a request, as the untyped inside of {@link call} sees it. */
interface Parts {
  params?: Record<string, string>;
  query?: object;
  body?: unknown;
  signal?: AbortSignal;
}

/** The address of an endpoint: parameters escaped, absent query values left out. */
export function addressOf(endpoint: Endpoint, { params = {}, query = {} }: Parts = {}): string {
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const wanted = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(wanted.map(([name, value]) => [name, String(value)])).toString();
  return search === '' ? path : `${path}?${search}`;
}

/**
 * Calls an endpoint of the contract and checks what comes back against its schema. A body that is a file is sent as it is.
 * @param fetcher the page's `fetch` in a load function, the browser's elsewhere
 * @throws {ApiProblem} for every failure: a refusal by the API, `service-unavailable` when it cannot be reached,
 * `internal` when it answers something that is not in the contract
 */
export async function call<const E extends Endpoint>(
  endpoint: E,
  request: Request<E>,
  fetcher: typeof fetch = fetch,
): Promise<Reply<E>> {
  const { body, signal, ...where } = request as Parts;
  const requestId = newRequestId();
  const answer = await fetcher(addressOf(endpoint, where), {
    method: endpoint.method,
    headers: {
      accept: 'application/json',
      [REQUEST_ID_HEADER]: requestId,
      ...(body === undefined
        ? {}
        : { 'content-type': body instanceof Blob ? body.type : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    throw new ApiProblem(problem('service-unavailable', 'the API could not be reached', { requestId }), {
      cause,
    });
  });

  const content = answer.status === 204 ? undefined : parseJson(await answer.text());
  if (!answer.ok) throw new ApiProblem({ requestId, ...problemOf(answer.status, content) });
  const reply = endpoint.reply.safeParse(content);
  if (!reply.success) {
    throw new ApiProblem(
      problem('internal', `unexpected reply of ${endpoint.method} ${endpoint.path}`, { requestId }),
      {
        cause: reply.error,
      },
    );
  }
  return reply.data as Reply<E>;
}

/**
 * Fetches a file by an endpoint and hands it to the browser's downloads.
 * @throws {ApiProblem} as {@link call}
 */
export async function download(endpoint: Endpoint, fileName: string, request: Parts = {}): Promise<void> {
  const answer = await fetch(addressOf(endpoint, request), {
    headers: { [REQUEST_ID_HEADER]: newRequestId() },
  }).catch((cause: unknown) => {
    throw new ApiProblem(problem('service-unavailable', 'the API could not be reached'), { cause });
  });
  if (!answer.ok) throw new ApiProblem(problemOf(answer.status, parseJson(await answer.text())));
  const address = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement('a'), { href: address, download: fileName }).click();
  URL.revokeObjectURL(address);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A proxy in between may answer without a problem: then its status says the most. */
function problemOf(status: number, content: unknown): Problem {
  const told = Problem.safeParse(content);
  if (told.success) return told.data;
  if (status === 502 || status === 503 || status === 504) return problem('service-unavailable');
  return problem(status === 404 ? 'not-found' : 'internal', `status ${status} without a problem`);
}
