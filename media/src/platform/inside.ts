import type { FastifyRequest } from 'fastify';

const TOLD_BY_PROXIES = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'];
/** Loopback, and the ranges that no public network routes (RFC 1918, RFC 4193, RFC 3927, RFC 4291). */
const PRIVATE =
  /^(?:::ffff:)?(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)|^::1$|^f[cd]|^fe80:/i;

/**
 * Whether the request was made inside the house, past no proxy: all proxies of ours say whom they speak for, and strangers have
 * no private address.
 */
export function isFromInside({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
  if (TOLD_BY_PROXIES.some((name) => headers[name] !== undefined)) return false;
  return PRIVATE.test(socket.remoteAddress ?? '');
}
