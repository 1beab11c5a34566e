const BYTES = 16;

/**
 * A new id for a request or a connection, by which its way through all processes is found in their logs. Not by
 * `crypto.randomUUID`, which pages have only over https.
 */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
