/** Headers as Node gives and takes them raw: name, value, name, value … in their order and spelling. */
export type RawHeaders = string[];

/** About one connection, not about the message (RFC 9110, 7.6.1): never passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'upgrade',
]);

/** Who the client is, is for us to say. */
const CLAIMS = /^(?:x-forwarded-.*|forwarded|x-real-ip)$/;

/** Whom the request came from. */
export interface Origin {
  address: string;
  scheme: 'http' | 'https';
}

/**
 * The headers to send to a backend: all of the client's as they came (Host and what is signed above all), without what
 * is about the connection, and with our own word on where the request came from in place of the client's.
 */
export function requestHeaders(raw: RawHeaders, from: Origin): RawHeaders {
  const kept = passedOn(raw, (name) => CLAIMS.test(name));
  return [...kept, 'X-Forwarded-For', from.address, 'X-Forwarded-Proto', from.scheme];
}

/** The same for a request that asks for another protocol (a WebSocket), which must say so to the backend as well. */
export function upgradeHeaders(raw: RawHeaders, protocol: string, from: Origin): RawHeaders {
  return [...requestHeaders(raw, from), 'Connection', 'Upgrade', 'Upgrade', protocol];
}

/** The headers to send back; the framing of the body is the connection's and written anew. */
export function responseHeaders(raw: RawHeaders): RawHeaders {
  return passedOn(raw, (name) => name === 'transfer-encoding');
}

function passedOn(raw: RawHeaders, isDropped: (name: string) => boolean): RawHeaders {
  const named = new Set(
    pairs(raw)
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.split(',').map((each) => each.trim().toLowerCase())),
  );
  return pairs(raw)
    .filter(([name]) => {
      const lower = name.toLowerCase();
      return !HOP_BY_HOP.has(lower) && !named.has(lower) && !isDropped(lower);
    })
    .flat();
}

function pairs(raw: RawHeaders): [name: string, value: string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[2 * index] ?? '',
    raw[2 * index + 1] ?? '',
  ]);
}
