import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);

const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const CENTRAL_ENTRY = 0x02014b50;
const CENTRAL_ENTRY_BYTES = 46;
const LOCAL_ENTRY_BYTES = 30;
const DEFLATED = 8;

/**
 * Whether a ZIP archive, unpacked, holds at most so many bytes. What it says of itself is not believed: it is unpacked, entry by entry, until
 * the limit. Source: APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.
 * @throws RangeError, or an error of zlib, for what is no ZIP archive
 */
export async function unpacksWithin(zip: Buffer, maxBytes: number): Promise<boolean> {
  let left = maxBytes;
  for (const { method, packed } of entriesOf(zip)) {
    if (method === DEFLATED) {
      const size = await inflatedSize(packed, left);
      if (size === null) return false;
      left -= size;
    } else left -= packed.length;
    if (left < 0) return false;
  }
  return true;
}

interface ZipEntry {
  readonly method: number;
  readonly packed: Buffer;
}

/** By the central directory, as readers of spreadsheets do. */
function entriesOf(zip: Buffer): ZipEntry[] {
  const end = endRecordAt(zip);
  const count = zip.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== CENTRAL_ENTRY)
      throw new RangeError('the directory of the archive is broken');
    const local = zip.readUInt32LE(at + 42);
    const from = local + LOCAL_ENTRY_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(from, from + zip.readUInt32LE(at + 20));
    entries.push({ method: zip.readUInt16LE(at + 10), packed });
    at += CENTRAL_ENTRY_BYTES;
    at += zip.readUInt16LE(at - 18) + zip.readUInt16LE(at - 16) + zip.readUInt16LE(at - 14);
  }
  return entries;
}

function endRecordAt(zip: Buffer): number {
  const first = Math.max(0, zip.length - END_RECORD_BYTES - LONGEST_COMMENT);
  for (let at = zip.length - END_RECORD_BYTES; at >= first; at -= 1) {
    if (zip.readUInt32LE(at) === END_RECORD) return at;
  }
  throw new RangeError('this is no ZIP archive');
}

/** Null where it is more than `maxBytes`. */
async function inflatedSize(packed: Buffer, maxBytes: number): Promise<number | null> {
  try {
    return (await inflate(packed, { maxOutputLength: Math.max(1, maxBytes) })).length;
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return null;
    throw error;
  }
}
