import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { maskLine } from './observability/mask-line.ts';
import { currentRequestId } from './observability/request-context.ts';

/** Whatever could let someone in. */
const SECRETS = ['password', 'token', 'cookie', 'authorization', '["yike-signature"]', '["set-cookie"]'];
const paths = SECRETS.flatMap((name) => {
  const step = name.startsWith('[') ? name : `.${name}`;
  return [name, `*${step}`, `*.*${step}`];
});

/** A failed query tells what it was given, and the row that it would have written. */
const ROWS = ['parameters', 'detail', 'driverError.detail'].map((name) => `err.${name}`);

/**
 * One JSON line a message on standard output, with the id of the request that caused it; secrets are replaced wherever they
 * stand in the fields, and phones and ID numbers wherever they stand at all.
 */
export const createLogger = (level: string, into: DestinationStream = pino.destination(1)): Logger =>
  pino(
    {
      level,
      base: { service: 'api', pid: process.pid },
      redact: { paths: [...paths, ...ROWS], censor: '[secret]' },
      mixin: () => {
        const requestId = currentRequestId();
        return requestId === undefined ? {} : { requestId };
      },
      hooks: { streamWrite: maskLine },
    },
    into,
  );

/** The path of a request for the log: without its query, and without the playback token that it may carry. */
export const loggedPath = (url: string): string =>
  url.replace(/[?#].*$/s, '').replace(/^\/playback\/[^/]+/, '/playback/[token]');

/** The framework's own words in the same log. */
export class FrameworkLogger implements LoggerService {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log.child({ from: 'framework' });
  }

  log(message: unknown): void {
    this.#log.debug(String(message));
  }
  warn(message: unknown): void {
    this.#log.warn(String(message));
  }
  error(message: unknown, ...more: unknown[]): void {
    this.#log.error({ err: message, more }, 'the framework reports an error');
  }
  debug(message: unknown): void {
    this.#log.trace(String(message));
  }
  verbose(message: unknown): void {
    this.#log.trace(String(message));
  }
}
