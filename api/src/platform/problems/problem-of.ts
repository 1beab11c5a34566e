import { HttpException } from '@nestjs/common';
import { StorageError } from '@yike/storage/errors';
import { problem, type Problem, type ProblemCode } from '@yike/contracts/problem';
import { DomainError } from '../../domain/domain-error.ts';
import { isDatabaseAway } from '../database/database-errors.ts';
import { TryLater } from './problems.ts';

const RETRY_AFTER_SECONDS = 2;

/**
 * The one place where an error becomes a problem. What is not understood is `internal`, and its details stay in the log.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof TryLater) {
    return problem(error.code, error.message, { retryAfterSeconds: error.retryAfterSeconds });
  }
  if (error instanceof DomainError) {
    return problem(error.code, error.message, error.issues && { issues: error.issues });
  }
  if (isDatabaseAway(error)) return unavailable('the database does not answer');
  if (error instanceof StorageError && error.retryable) return unavailable('object storage does not answer');
  const code = codeOfStatus(statusOf(error));
  return code === 'internal' ? problem(code) : problem(code, messageOf(error));
}

const unavailable = (detail: string): Problem =>
  problem('service-unavailable', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });

/** The framework's own refusals: a body that is no JSON, one that is too large, a path that leads nowhere. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const isFramework = error instanceof Error && 'code' in error && String(error.code).startsWith('FST_');
  return isFramework && 'statusCode' in error ? Number(error.statusCode) : 500;
}

function codeOfStatus(status: number): ProblemCode {
  if (status === 404 || status === 405) return 'not-found';
  if (status === 413) return 'payload-too-large';
  if (status === 429) return 'too-many-requests';
  if (status === 503) return 'service-unavailable';
  return status >= 400 && status < 500 ? 'invalid-request' : 'internal';
}

const messageOf = (error: unknown): string | undefined =>
  error instanceof Error ? error.message : undefined;
