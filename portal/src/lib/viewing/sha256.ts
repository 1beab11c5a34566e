/**
 * SHA-256 of the bytes in lower-case hex (FIPS 180-4). By Web Crypto where there is one, that is on https and on
 * localhost; by a small implementation in JavaScript on a plain http address in a local network.
 * @param subtle what the page's `crypto.subtle` is; undefined outside secure contexts
 */
export async function sha256Hex(
  bytes: ArrayBuffer,
  subtle: SubtleCrypto | undefined = globalThis.crypto.subtle as SubtleCrypto | undefined,
): Promise<string> {
  if (subtle !== undefined) return toHex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
  // The caller may hand the buffer on (and detach it) while the module loads.
  const copy = new Uint8Array(bytes.slice(0));
  const { sha256 } = await import('@noble/hashes/sha2.js');
  return toHex(sha256(copy));
}

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
