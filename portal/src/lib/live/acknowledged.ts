import { type Problem, problem } from '@yike/contracts/problem';
import { ApiProblem } from '#lib/api/call.ts';

/** What every message is answered with, in both socket contracts. */
type Reply<T> = { ok: true; value: T } | { ok: false; problem: Problem };
type ArgumentsOf<Handler> = Handler extends (...args: infer Args) => void ? Args : never;

/** What the message `Event` carries, and what it is answered with. */
export type Asked<Up, Event extends keyof Up> =
  ArgumentsOf<Up[Event]> extends [infer Request, unknown] ? Request : never;
export type Answered<Up, Event extends keyof Up> =
  ArgumentsOf<Up[Event]> extends [unknown, (reply: infer Answer) => void]
    ? Extract<Answer, { ok: true }> extends { value: infer Value }
      ? Value
      : never
    : never;

/** The part of a socket.io client that asking needs. */
export interface Emitter {
  timeout(ms: number): { emitWithAck(event: string, request: unknown): Promise<unknown> };
}

/** Longer than a key frame or a commit takes, shorter than a person's patience. */
const ANSWER_WITHIN_MS = 8_000;

/**
 * Sends a message of the contract `Up` and waits for its acknowledgement: `const ask = asker<PortalToApi>(socket)`.
 * @throws {ApiProblem} what the other side refused with; `service-unavailable` when no answer came in time
 */
export function asker<Up>(socket: Emitter) {
  return async <Event extends keyof Up & string>(
    event: Event,
    request: Asked<Up, Event>,
  ): Promise<Answered<Up, Event>> => {
    const answer = socket.timeout(ANSWER_WITHIN_MS).emitWithAck(event, request);
    const reply = (await answer.catch((cause: unknown) => {
      throw new ApiProblem(problem('service-unavailable', `no answer to ${event}`), { cause });
      // The contract types what the other side answers; the client's own types are lost in the untyped emitter.
    })) as Reply<Answered<Up, Event>>;
    if (!reply.ok) throw new ApiProblem(reply.problem);
    return reply.value;
  };
}

/** Whether trying the same again later may help: the other side is away or overloaded, not of another opinion. */
export function isPassing(cause: unknown): boolean {
  if (!(cause instanceof ApiProblem)) return false;
  return ['service-unavailable', 'internal', 'too-many-requests', 'node-full', 'no-media-node'].includes(
    cause.code,
  );
}
