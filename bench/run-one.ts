// Runs one bench in a process of its own, which the runner can end: `run-one.ts <path of the bench>`.
import { type BenchMessage, type BenchModule, DEFAULT_LIMIT_MS } from './bench.ts';

const tell = (message: BenchMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

const { default: measure, timeLimitMs } = (await import(process.argv[2] ?? '')) as BenchModule; // Named so: *.bench.ts
await tell({ limitMs: timeLimitMs ?? DEFAULT_LIMIT_MS });
await tell({ line: await measure() });
process.exit(0);
