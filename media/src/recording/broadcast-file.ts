import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { BroadcastId, RecordingId } from '@yike/contracts/ids';
import { z } from 'zod';

/** What a node must know of a broadcast to go on with it after a restart, without asking anyone. */
export const BroadcastFacts = z.object({
  broadcastId: BroadcastId,
  recordingId: RecordingId,
  /** `leaving`: it goes on at another node, which completes it; what lies here is only uploaded. */
  state: z.enum(['open', 'closing', 'leaving']),
  /** When this node was first told to open it, unix ms: what is older than any lecture is not opened again by itself. */
  openedAtMs: z.int().default(0),
  /** The block of epochs that the API granted, and the next one to use. */
  firstEpoch: z.int(),
  nextEpoch: z.int(),
  timelineZeroAtMs: z.int().nullable(),
});
export type BroadcastFacts = z.infer<typeof BroadcastFacts>;

const fileOf = (folder: string): string => path.join(folder, 'broadcast.json');

/** @returns undefined where there is none, or none that can be read */
export function readBroadcastFacts(folder: string): BroadcastFacts | undefined {
  if (!existsSync(fileOf(folder))) return undefined;
  return BroadcastFacts.safeParse(JSON.parse(readFileSync(fileOf(folder), 'utf8'))).data;
}

/** Atomic and durable: after a crash the file is the old one or the new one. */
export function writeBroadcastFacts(folder: string, facts: BroadcastFacts): void {
  mkdirSync(folder, { recursive: true });
  const draft = `${fileOf(folder)}.new`;
  const fd = openSync(draft, 'w');
  writeSync(fd, JSON.stringify(facts));
  fsyncSync(fd);
  closeSync(fd);
  renameSync(draft, fileOf(folder));
}
