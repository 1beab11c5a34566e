import { EmbeddedS3Server } from './server.ts';

/**
 * The embedded S3 server as a process of its own. It prints `{"ready":true,"port":…}` when it listens, one line of JSON on
 * stderr for each fault, and ends with 0 on SIGTERM once its requests are answered.
 */
const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') fail(new Error(`${name} is not set`));
  return value;
};

function report(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${JSON.stringify({ level: 'error', message })}\n`);
}

function fail(error: unknown): never {
  report(error);
  process.exit(1);
}

try {
  const server = await EmbeddedS3Server.create({
    host: process.env.HOST ?? '127.0.0.1',
    port: Number(process.env.PORT ?? 0),
    folder: required('S3_FOLDER'),
    accessKey: required('S3_ACCESS_KEY'),
    secretKey: required('S3_SECRET_KEY'),
    region: process.env.S3_REGION ?? 'us-east-1',
    onError: report,
  });
  const stop = () => void server.close().then(() => process.exit(0), fail);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // The supervisor holds the other end of standard input: when it closes, the supervisor is gone.
  if (process.env.YIKE_PARENT_WATCH === '1') process.stdin.once('end', stop).resume();
  process.stdout.write(`${JSON.stringify({ ready: true, port: server.port })}\n`);
} catch (error) {
  fail(error);
}
