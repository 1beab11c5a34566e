import { type Logger, pino } from 'pino';

/** Injection token of the process's logger. */
export const LOG = Symbol('log');
export type Log = Logger;

/** Whatever could let someone in: tickets, signatures, ICE and DTLS secrets. */
const SECRETS = [
  'token',
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

/** One JSON line a message on standard output; secrets are replaced wherever they stand in the fields. */
export function createLog(level: string): Log {
  return pino({ level, redact: { paths, censor: '[secret]' } });
}

/** The same for the framework, without the list of its parts at each start. */
export const frameworkLog = (log: Log): Log =>
  log.level === 'info' ? log.child({}, { level: 'warn' }) : log;
