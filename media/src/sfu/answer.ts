import { problem } from '@yike/contracts/problem';
import type { Reply } from '@yike/contracts/signaling/room';
import type { z } from 'zod';
import type { Log } from '../platform/logger.ts';
import { toProblem } from '../platform/problems.ts';
import { Refusal } from '../platform/refusal.ts';
import { isPlainMessage } from './message-shape.ts';

/** A worker that is stopped never answers; the page must not wait for ever. */
const ANSWER_WITHIN_MS = 10_000;

/** Checks a message's body. @throws Refusal, z.ZodError for whatever the schema does not say */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  if (!isPlainMessage(body)) throw new Refusal('invalid-request', 'not a plain message');
  return schema.parse(body);
}

/** Does the work and wraps its outcome: never rejects, and always ends in time. */
export async function answer<T>(work: () => Promise<T>, log: Log): Promise<Reply<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reply<T>>((resolve) => {
    timer = setTimeout(
      () =>
        resolve({
          ok: false,
          problem: problem('service-unavailable', 'no answer in time', { retryAfterSeconds: 2 }),
        }),
      ANSWER_WITHIN_MS,
    );
  });
  const reply = await Promise.race([outcome(work, log), late]);
  clearTimeout(timer);
  return reply;
}

async function outcome<T>(work: () => Promise<T>, log: Log): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const told = toProblem(error);
    if (told.code === 'internal') log.error({ err: error }, 'signaling request failed');
    return { ok: false, problem: told };
  }
}
