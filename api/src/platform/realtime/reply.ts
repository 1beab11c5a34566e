import type { Reply } from '@yike/contracts/realtime/viewing';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { InvalidRequest } from '../problems/problems.ts';
import { currentRequestId } from '../observability/request-context.ts';
import { problemOf } from '../problems/problem-of.ts';

/**
 * Checks a message by its schema, does the work, and answers in one of two shapes: a gateway's handler returns this, and
 * never throws.
 * @example return replyTo(log, FollowBroadcast, message, ({ broadcastId }) => this.news.of(broadcastId));
 */
export async function replyTo<S extends z.ZodType, T>(
  log: Logger,
  schema: S,
  message: unknown,
  work: (request: z.output<S>) => Promise<T> | T,
): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work(parse(schema, message)) };
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code === 'internal') log.error({ err: error }, 'socket message failed');
    const requestId = currentRequestId();
    return { ok: false, problem: requestId === undefined ? problem : { ...problem, requestId } };
  }
}

function parse<S extends z.ZodType>(schema: S, message: unknown): z.output<S> {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message: words }) => ({ path: path.join('.'), message: words }));
  throw new InvalidRequest('the message does not have the shape of the contract', issues);
}
