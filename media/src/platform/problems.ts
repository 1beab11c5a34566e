import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { type Problem, type ProblemCode, problem } from '@yike/contracts/problem';
import type { FastifyReply } from 'fastify';
import { errors } from 'mediasoup';
import { z } from 'zod';
import { LOG, type Log } from './logger.ts';
import { Refusal } from './refusal.ts';

const MAX_ISSUES = 10;
const CODE_OF_STATUS: Partial<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  403: 'forbidden',
  404: 'not-found',
  413: 'payload-too-large',
  415: 'invalid-request',
  503: 'service-unavailable',
};

/**
 * What a caller is told about an error: his fault by its name, ours as `internal` without a word of it.
 * mediasoup throws TypeError for parameters that cannot be, UnsupportedError for codecs that the router doesn't have,
 * WorkerClosedError when the worker died under the request.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  if (error instanceof z.ZodError) return invalidFields(error);
  if (error instanceof TypeError) return problem('invalid-request', error.message);
  if (error instanceof errors.UnsupportedError) return problem('codec-not-supported', error.message);
  if (error instanceof errors.NotFoundError) return problem('not-found');
  if (error instanceof errors.WorkerClosedError) {
    return problem('service-unavailable', 'the media worker was restarted', { retryAfterSeconds: 1 });
  }
  if (error instanceof HttpException) return ofStatus(error.getStatus());
  if (isHttpError(error)) return ofStatus(error.statusCode);
  return problem('internal');
}

function invalidFields(error: z.ZodError): Problem {
  const issues = error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  return problem('invalid-request', undefined, { issues });
}

function ofStatus(status: number): Problem {
  return problem(CODE_OF_STATUS[status] ?? (status < 500 ? 'invalid-request' : 'internal'));
}

/** Fastify's own errors: a body that is too large or no JSON. */
function isHttpError(error: unknown): error is { statusCode: number } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

/** Answers every error of HTTP as application/problem+json (RFC 9457); logs those that are ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(@Inject(LOG) log: Log) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const told = toProblem(error);
    if (told.status === 500) this.#log.error({ err: error }, 'request failed');
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.status(told.status).type('application/problem+json').send(JSON.stringify(told));
  }
}
