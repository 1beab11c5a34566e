import type { Readable } from 'node:stream';

/** Cuts a stream into buffers of exactly `partBytes`, the last one shorter; an empty stream gives none. */
export async function* inParts(source: Readable, partBytes: number): AsyncGenerator<Buffer, undefined> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer | string>) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    while (pendingBytes + rest.length >= partBytes) {
      const cut = partBytes - pendingBytes;
      yield Buffer.concat([...pending, rest.subarray(0, cut)], partBytes);
      rest = rest.subarray(cut);
      pending = [];
      pendingBytes = 0;
    }
    if (rest.length > 0) pending.push(rest);
    pendingBytes += rest.length;
  }
  if (pendingBytes > 0) yield Buffer.concat(pending, pendingBytes);
  return undefined;
}
