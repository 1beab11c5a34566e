import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Checksum } from './checksums.ts';

/** What is known about stored bytes besides themselves. */
export interface Seal {
  readonly key: string;
  readonly bytes: number;
  /** Hex, without quotes; of a multipart object with `-<parts>` behind it. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly checksum?: Checksum | undefined;
  /** `content-type`, `cache-control`, … and `x-amz-meta-…`, as they were given. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Written {
  readonly bytes: number;
  readonly md5: string;
}

/**
 * A sealed file is an object's bytes, then its seal as JSON, then the length of the JSON and a magic word. Bytes and seal
 * become visible by one rename, and never the one without the other.
 */
const MAGIC = Buffer.from('YIKE-S3\n');
const TAIL_BYTES = 4 + MAGIC.length;
const READ_AHEAD_BYTES = 4096;

/** Writes a new file of the bytes, sealed, and forced to disk. When it throws there is no file. */
export async function writeSealed(
  path: string,
  source: AsyncIterable<Buffer>,
  seal: (written: Written) => Seal,
): Promise<Seal> {
  const file = await open(path, 'wx');
  try {
    const md5 = createHash('md5');
    let bytes = 0;
    for await (const chunk of source) {
      md5.update(chunk);
      await writeFully(file, chunk);
      bytes += chunk.length;
    }
    const written = seal({ bytes, md5: md5.digest('hex') });
    await writeFully(file, encodeSeal(written));
    await file.datasync();
    await file.close();
    return written;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

async function writeFully(file: FileHandle, data: Buffer): Promise<void> {
  let offset = 0;
  while (offset < data.length) {
    const { bytesWritten } = await file.write(data, offset);
    offset += bytesWritten;
  }
}

function encodeSeal(seal: Seal): Buffer {
  const json = Buffer.from(JSON.stringify(seal));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([json, length, MAGIC]);
}

/**
 * Opens a sealed file for reading; the caller closes it. Its bytes are the first `seal.bytes` of the file.
 * @throws the system's ENOENT, or Error if the file is damaged
 */
export async function openSealed(path: string): Promise<{ file: FileHandle; seal: Seal }> {
  const file = await open(path, constants.O_RDONLY);
  try {
    return { file, seal: await readSeal(file, path) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readSeal(file: FileHandle, path: string): Promise<Seal> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - READ_AHEAD_BYTES), Math.min(size, READ_AHEAD_BYTES));
  const jsonEnd = tail.length - TAIL_BYTES;
  if (jsonEnd < 0 || !tail.subarray(-MAGIC.length).equals(MAGIC)) throw new Error(`damaged file: ${path}`);
  const jsonBytes = tail.readUInt32BE(jsonEnd);
  const json =
    jsonBytes <= jsonEnd
      ? tail.subarray(jsonEnd - jsonBytes, jsonEnd)
      : await readAt(file, size - TAIL_BYTES - jsonBytes, jsonBytes);
  const seal = JSON.parse(json.toString('utf8')) as Seal; // written by encodeSeal only
  if (seal.bytes + jsonBytes + TAIL_BYTES !== size) throw new Error(`damaged file: ${path}`);
  return seal;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
