import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut: a child that writes no line ends must not fill our memory. */
const MAX_LINE_CHARACTERS = 65_536;

/**
 * A child's log: JSON lines in `<folder>/<name>.log`. What is not JSON is wrapped in it. Beyond `maxBytes` the file
 * becomes `<name>.log.1`, whose predecessor goes: two files at most. A full disk loses lines, never the child.
 */
export class LogFile {
  readonly #file: string;
  readonly #name: string;
  readonly #maxBytes: number;
  #descriptor: number;
  #bytes: number;
  #lastError = '';

  constructor({ folder, name, maxBytes = 10_000_000 }: { folder: string; name: string; maxBytes?: number }) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = path.join(folder, `${name}.log`);
    this.#name = name;
    this.#maxBytes = maxBytes;
    this.#descriptor = openSync(this.#file, 'a', 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  /** What the child last said about an error, in one line; empty where it said nothing. */
  get lastError(): string {
    return this.#lastError;
  }

  /** Forgets the last error: a new life begins. */
  forget(): void {
    this.#lastError = '';
  }

  /** A stream that takes a child's standard output or error. */
  stream(): Writable {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        const lines = (rest + decoder.write(chunk)).split('\n');
        rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS);
        for (const line of lines) this.#append(line);
        done();
      },
      final: (done) => {
        this.#append(rest);
        done();
      },
    });
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #append(line: string): void {
    const text = line.trim().slice(0, MAX_LINE_CHARACTERS);
    if (text === '') return;
    const entry = parseEntry(text);
    if (entry === undefined) this.#lastError = text;
    else if (isError(entry)) this.#lastError = errorOf(entry);
    const json =
      entry === undefined ? JSON.stringify({ time: Date.now(), name: this.#name, msg: text }) : text;
    try {
      this.#rotate();
      this.#bytes += writeSync(this.#descriptor, `${json}\n`);
    } catch {
      // The disk is full: the children go on, and say themselves what they cannot store.
    }
  }

  #rotate(): void {
    if (this.#bytes < this.#maxBytes) return;
    renameSync(this.#file, `${this.#file}.1`);
    closeSync(this.#descriptor);
    this.#descriptor = openSync(this.#file, 'a', 0o600);
    this.#bytes = 0;
  }
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>; // An object: it starts with a brace.
  } catch {
    return undefined;
  }
}

/** pino's levels are numbers, 50 an error; the S3 server says it in a word. */
function isError({ level }: Record<string, unknown>): boolean {
  return level === 'error' || (typeof level === 'number' && level >= 50);
}

/** pino's shape: `msg`, and `err.message` where an error was logged; the S3 server's: `message`. */
function errorOf({ msg, message, err }: Record<string, unknown>): string {
  const cause = (err as { message?: unknown } | undefined)?.message;
  return [msg, message, cause].filter((each) => typeof each === 'string' && each !== '').join(': ');
}
