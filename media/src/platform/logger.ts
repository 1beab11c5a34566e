import { type Logger, pino } from 'pino';
import { currentRequestId } from './request-context.ts';

/** Injection token of the process's logger. */
export const LOG = Symbol('log');
export type Log = Logger;

/** Whatever could let someone in: tickets, signatures, ICE and DTLS secrets. */
const SECRETS = [
  'token',
  'ticket',
  'resumeToken',
  'auth',
  'password',
  'iceParameters',
  'dtlsParameters',
  'headers.authorization',
  'headers.cookie',
  'headers["yike-signature"]',
];
const paths = SECRETS.flatMap((path) => [path, `*.${path}`, `*.*.${path}`]);

/**
 * One JSON line a message on standard output, with the id of the request that set it going, however long ago: a recorder's
 * lines carry that of the page that published. Secrets are replaced wherever they stand in the fields.
 */
export function createLog(level: string): Log {
  return pino({
    level,
    base: { service: 'media', pid: process.pid },
    redact: { paths, censor: '[secret]' },
    mixin: () => {
      const requestId = currentRequestId();
      return requestId === undefined ? {} : { requestId };
    },
  });
}

/** The same for the framework, without the list of its parts at each start. */
export const frameworkLog = (log: Log): Log =>
  log.level === 'info' ? log.child({}, { level: 'warn' }) : log;
