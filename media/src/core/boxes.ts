/** ISO base media file format (ISO/IEC 14496-12): boxes out of a stream of bytes, and boxes within boxes. */

/** A box with its header: `bytes` is the whole, `body` what follows the header. Both are views, not copies. */
export interface Box {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly body: Uint8Array;
}

/** The stream holds a box that cannot be one, or is larger than a fragment ever gets. */
export class MalformedBox extends Error {
  override readonly name = 'MalformedBox';
}

const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;
/** The size field's way to say that 64 bits follow. */
const LONG_SIZE = 1;

interface Header {
  readonly size: number;
  readonly headerBytes: number;
}

/** @returns `undefined` where the header is not whole yet. @throws MalformedBox */
function readHeader(bytes: Uint8Array, at: number): Header | undefined {
  if (bytes.length - at < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(at);
  if (size !== LONG_SIZE) {
    if (size < HEADER_BYTES) throw new MalformedBox(`a box of ${size} bytes`);
    return { size, headerBytes: HEADER_BYTES };
  }
  if (bytes.length - at < LONG_HEADER_BYTES) return undefined;
  const longSize = Number(view.getBigUint64(at + HEADER_BYTES));
  if (longSize < LONG_HEADER_BYTES) throw new MalformedBox(`a long box of ${longSize} bytes`);
  return { size: longSize, headerBytes: LONG_HEADER_BYTES };
}

function boxAt(bytes: Uint8Array, at: number, { size, headerBytes }: Header): Box {
  return {
    type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)),
    bytes: bytes.subarray(at, at + size),
    body: bytes.subarray(at + headerBytes, at + size),
  };
}

/** The boxes that stand one after another in `bytes`. @throws MalformedBox where one is cut off */
export function* childBoxes(bytes: Uint8Array): Generator<Box> {
  for (let at = 0; at < bytes.length;) {
    const header = readHeader(bytes, at);
    if (header === undefined || at + header.size > bytes.length) throw new MalformedBox('a box is cut off');
    yield boxAt(bytes, at, header);
    at += header.size;
  }
}

/** The body of the first box under this path of types, where there is one. @throws MalformedBox */
export function findBox(bytes: Uint8Array, ...path: readonly string[]): Uint8Array | undefined {
  let body = bytes;
  for (const type of path) {
    const found = firstOfType(body, type);
    if (found === undefined) return undefined;
    body = found.body;
  }
  return body;
}

function firstOfType(bytes: Uint8Array, type: string): Box | undefined {
  for (const box of childBoxes(bytes)) if (box.type === type) return box;
  return undefined;
}

/** Cuts a stream of bytes, in whatever chunks it comes, into whole top-level boxes. Each box has a memory of its own. */
export class BoxReader {
  readonly #maxBytes: number;
  /** The start of a box whose header is not whole yet. */
  #start = new Uint8Array(0);
  /** The box that is being gathered, and how much of it is there. */
  #box: { readonly bytes: Uint8Array; readonly header: Header } | undefined;
  #filled = 0;

  /** @param maxBytes a larger box is refused */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns the boxes that this chunk completes, in order. @throws MalformedBox; the stream is lost then */
  push(chunk: Uint8Array): Box[] {
    const boxes: Box[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      rest = this.#box === undefined ? this.#takeHeader(rest) : this.#takeBody(rest);
      if (this.#box === undefined || this.#filled < this.#box.bytes.length) continue;
      boxes.push(boxAt(this.#box.bytes, 0, this.#box.header));
      this.#box = undefined;
    }
    return boxes;
  }

  #takeHeader(chunk: Uint8Array): Uint8Array {
    const known = this.#start.length;
    const start = new Uint8Array(Math.min(known + chunk.length, LONG_HEADER_BYTES));
    start.set(this.#start);
    start.set(chunk.subarray(0, start.length - known), known);
    const header = readHeader(start, 0);
    if (header === undefined) {
      this.#start = start;
      return chunk.subarray(start.length - known);
    }
    if (header.size > this.#maxBytes) throw new MalformedBox(`a box of ${header.size} bytes`);
    const bytes = new Uint8Array(header.size);
    bytes.set(this.#start);
    this.#box = { bytes, header };
    this.#filled = known;
    this.#start = new Uint8Array(0);
    return this.#takeBody(chunk);
  }

  #takeBody(chunk: Uint8Array): Uint8Array {
    if (this.#box === undefined) return chunk;
    const take = Math.min(chunk.length, this.#box.bytes.length - this.#filled);
    this.#box.bytes.set(chunk.subarray(0, take), this.#filled);
    this.#filled += take;
    return chunk.subarray(take);
  }
}
