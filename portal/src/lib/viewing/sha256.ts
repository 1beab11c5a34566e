/**
 * SHA-256 of the bytes in lower-case hex (FIPS 180-4). By Web Crypto where there is one, that is on https and on
 * localhost; by a small implementation in JavaScript on a plain http address in a local network. The bytes are read
 * before the call returns, so the caller may hand the buffer on.
 * @param subtle null where there is no Web Crypto
 */
export async function sha256Hex(bytes: ArrayBuffer, subtle = webCrypto()): Promise<string> {
  if (subtle !== null) return toHex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
  const copy = new Uint8Array(bytes.slice(0));
  const { sha256 } = await import('@noble/hashes/sha2.js');
  return toHex(sha256(copy));
}

/** The DOM's types promise it everywhere; outside secure contexts it is missing. */
const webCrypto = (): SubtleCrypto | null =>
  'subtle' in globalThis.crypto ? globalThis.crypto.subtle : null;

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
