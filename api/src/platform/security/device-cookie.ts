import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomToken } from '../crypto/secrets.ts';

const DEVICE_COOKIE = 'yike_device';
const A_YEAR_S = 365 * 86_400;
const TOKEN = /^[\w-]{43}$/;

/**
 * Names a browser, so that what it asks for can be counted. A browser that refuses it or throws it away is counted by phone and address
 * alone: it says nothing about who somebody is.
 */
export function deviceOf(request: FastifyRequest, reply: FastifyReply): string {
  const known = request.cookies[DEVICE_COOKIE];
  if (known !== undefined && TOKEN.test(known)) return known;
  const device = randomToken();
  void reply.setCookie(DEVICE_COOKIE, device, {
    path: '/api',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: A_YEAR_S,
  });
  return device;
}
