import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { currentRequestId } from './observability/request-context.ts';

/** Whatever could let someone in. */
const SECRETS = ['password', 'token', 'cookie', 'authorization', '["yike-signature"]', '["set-cookie"]'];
const paths = SECRETS.flatMap((name) => {
  const step = name.startsWith('[') ? name : `.${name}`;
  return [name, `*${step}`, `*.*${step}`];
});

/**
 * One JSON line a message on standard output, with the id of the request that caused it; secrets are replaced wherever they
 * stand in the fields.
 */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: { service: 'api', pid: process.pid },
    redact: { paths, censor: '[secret]' },
    mixin: () => {
      const requestId = currentRequestId();
      return requestId === undefined ? {} : { requestId };
    },
  });

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
