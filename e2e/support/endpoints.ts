import type { Endpoint } from '@yike/contracts/http/endpoint';

type Reading = Endpoint<'GET'>;

/** What an endpoint answers, by its schema. */
export type ReplyOf<E extends Reading> = ReturnType<E['reply']['parse']>;

/** An endpoint's address with its parameters in place; those that the path does not name are its query. */
export function pathOf({ path }: Reading, params: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(params).filter(([name]) => !path.includes(`:${name}`)));
  const place = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return query.size === 0 ? place : `${place}?${query.toString()}`;
}

/** @throws ZodError where the answer is not as the contract says */
export function parseReply<E extends Reading>({ reply }: E, body: unknown): ReplyOf<E> {
  return reply.parse(body) as ReplyOf<E>;
}
