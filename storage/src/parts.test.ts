import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inParts } from './parts.ts';

it('cuts a stream into equal parts, whatever its pieces', async () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 50 }), async (arrays, partBytes) => {
      const buffers = arrays.map((array) => Buffer.from(array));
      const parts: Buffer[] = [];
      for await (const part of inParts(Readable.from(buffers), partBytes)) parts.push(part);
      expect(Buffer.concat(parts)).toEqual(Buffer.concat(buffers));
      expect(parts.slice(0, -1).every((part) => part.length === partBytes)).toBe(true);
      const last = parts.at(-1);
      if (last) expect(last.length > 0 && last.length <= partBytes).toBe(true);
    }),
  );
});
