import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { TrackKind } from '@yike/contracts/control/manifest';
import { z } from 'zod';

const Ms = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What happened to an epoch, in order. Part and segment times are ms of the epoch's media clock. */
export const JournalRecord = z.discriminatedUnion('did', [
  z.object({ did: z.literal('anchor'), timelineZeroAtMs: Ms, epochStartMs: Ms }),
  z.object({
    did: z.literal('init'),
    kind: TrackKind,
    codec: z.string(),
    width: z.int().optional(),
    height: z.int().optional(),
    bytes: z.int(),
    sha256: Sha256,
  }),
  /** The part's bytes stand whole in the segment's file: this line is written after them. */
  z.object({ did: z.literal('part'), kind: TrackKind, seq: z.int(), startMs: Ms, endMs: Ms, bytes: z.int() }),
  z.object({ did: z.literal('segment'), kind: TrackKind, seq: z.int(), sha256: Sha256 }),
  /** Storage has confirmed it; its file may be gone. */
  z.object({ did: z.literal('stored'), kind: TrackKind, seq: z.int().nullable() }),
  /** The file does not hold what the journal says (a power cut): the segment is no more. */
  z.object({ did: z.literal('dropped'), kind: TrackKind, seq: z.int() }),
  /** Parts were lost here: the disk was full. */
  z.object({ did: z.literal('lost'), kind: TrackKind }),
  z.object({ did: z.literal('ended'), how: z.enum(['finished', 'killed']) }),
  z.object({ did: z.literal('final'), manifestSha256: Sha256, segments: z.int() }),
]);
export type JournalRecord = z.infer<typeof JournalRecord>;

/**
 * An epoch's local truth: JSON lines, appended at once. A killed process loses no written line; a line torn by a full disk or a power
 * cut is the last one, and is ignored.
 */
export class EpochJournal {
  readonly #fd: number;

  constructor(file: string) {
    this.#fd = openSync(file, 'a');
  }

  /** @throws the file system's error, ENOSPC above all; then nothing of the record counts */
  append(record: JournalRecord): void {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    if (writeSync(this.#fd, line) === line.length) return;
    // A newline closes what was torn, as soon as there is room for one byte, so that the next line stands alone.
    writeSync(this.#fd, '\n');
    throw Object.assign(new Error('the journal was cut short'), { code: 'ENOSPC' });
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** All whole records of a journal that another process may have left. */
  static read(file: string): JournalRecord[] {
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const record = parseLine(line);
        return record === undefined ? [] : [record];
      });
  }
}

function parseLine(line: string): JournalRecord | undefined {
  if (line === '') return undefined;
  try {
    return JournalRecord.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
