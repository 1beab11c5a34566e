import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What `running.json` in the data folder tells while the product runs; for tests and for commands that work on its data. */
export interface RunningProduct {
  origin: string;
  supervisor: number;
  pids: Record<string, number>;
  /** Empty until the database is up. */
  ownerUrl: string;
  /** Where this machine reaches object storage. */
  s3Endpoint: string;
}

export const runningFile = (dataFolder: string): string => path.join(dataFolder, 'running.json');

/** Undefined where nothing says that it runs. */
export function readRunning(dataFolder: string): RunningProduct | undefined {
  const file = runningFile(dataFolder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunningProduct) : undefined; // Ours alone.
}
