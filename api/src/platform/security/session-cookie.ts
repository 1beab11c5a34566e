import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_COOKIE } from './session-authenticator.ts';

const THIRTY_DAYS_S = 30 * 86_400;

/** Opaque, out of reach of scripts, not sent by other sites' posts, and over https only where the request came so. */
const attributes = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' }) as const;

export const readSessionCookie = (request: FastifyRequest): string | undefined =>
  request.cookies[SESSION_COOKIE];

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  void reply.setCookie(SESSION_COOKIE, token, { ...attributes(request), maxAge: THIRTY_DAYS_S });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  void reply.clearCookie(SESSION_COOKIE, attributes(request));
}
