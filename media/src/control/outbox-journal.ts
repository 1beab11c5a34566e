import { mkdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { MediaEvent } from '@yike/contracts/control/events';
import { z } from 'zod';

/** One line of the journal: an event that waits, or the numbers that a broadcast's events may have used already. */
const Line = z.union([
  z.strictObject({ event: MediaEvent }),
  z.strictObject({ numbersOf: z.string(), below: z.int().min(0) }),
]);
export type JournalLine = z.infer<typeof Line>;

/**
 * An append-only file of JSON lines. A process that is killed while it writes leaves at most a torn last line, which
 * is skipped; so is whatever else is no line of ours.
 */
export class OutboxJournal {
  readonly #file: string;
  readonly #refusedFile: string;
  #handle: FileHandle | undefined;
  /** An append failed half-way, or the file was found torn: begin a new line first. */
  #isTorn: boolean;
  /** What the file held when the process began. */
  readonly found: readonly JournalLine[];

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#file = path.join(folder, 'events.jsonl');
    this.#refusedFile = path.join(folder, 'refused.jsonl');
    const text = readIfThere(this.#file);
    this.#isTorn = text !== '' && !text.endsWith('\n');
    this.found = text.split('\n').flatMap(readLine);
  }

  /** On disk when it resolves (fdatasync). @throws when the disk is full or gone; the same lines may be appended again. */
  async append(lines: readonly JournalLine[]): Promise<void> {
    this.#handle ??= await open(this.#file, 'a');
    const text = (this.#isTorn ? '\n' : '') + toText(lines);
    this.#isTorn = true;
    await this.#handle.appendFile(text);
    await this.#handle.datasync();
    this.#isTorn = false;
  }

  /** Replaces all lines by these, atomically. */
  async compact(lines: readonly JournalLine[]): Promise<void> {
    const next = `${this.#file}.next`;
    await writeWhole(next, toText(lines), 'w');
    await this.#handle?.close();
    this.#handle = undefined;
    await rename(next, this.#file);
    await syncFolder(path.dirname(this.#file));
    this.#isTorn = false;
  }

  /** Parks an event that the API refused, for a person to look at. */
  async park(event: MediaEvent, reason: string): Promise<void> {
    await writeWhole(this.#refusedFile, `${JSON.stringify({ reason, event })}\n`, 'a');
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

const toText = (lines: readonly JournalLine[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function readLine(text: string): JournalLine[] {
  try {
    const line = Line.safeParse(JSON.parse(text));
    return line.success ? [line.data] : [];
  } catch {
    return []; // Torn: its event was never acknowledged to whoever emitted it.
  }
}

async function writeWhole(file: string, text: string, flags: 'w' | 'a'): Promise<void> {
  const handle = await open(file, flags);
  try {
    await handle.appendFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** A rename lasts once its folder is on disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
