import { QueryFailedError } from 'typeorm';

/** Of two transactions that met, this one was chosen to begin again (PostgreSQL: serialization_failure, deadlock_detected). */
const RETRYABLE = new Set(['40001', '40P01']);

/** The server is away, starting, ending, or has no connection left. */
const UNAVAILABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['08000', '08001', '08003', '08004', '08006', '53300', '57P01', '57P02', '57P03'],
]);
const UNAVAILABLE_MESSAGE =
  /^(?:connection terminated|client has encountered a connection error|timeout exceeded when trying to connect|query read timeout|driver not connected)/i;

export const isRetryable = (error: unknown): boolean => RETRYABLE.has(codeOf(error) ?? '');

/** The unique index that a row would have broken (PostgreSQL: unique_violation); null for every other error. */
export function violatedIndex(error: unknown): string | null {
  if (codeOf(error) !== '23505' || !(error instanceof QueryFailedError)) return null;
  const cause: unknown = error.driverError;
  const isNamed = typeof cause === 'object' && cause !== null && 'constraint' in cause;
  return isNamed ? String(cause.constraint) : null;
}

export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return UNAVAILABLE.has(codeOf(error) ?? '') || UNAVAILABLE_MESSAGE.test(error.message);
}

function codeOf(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
