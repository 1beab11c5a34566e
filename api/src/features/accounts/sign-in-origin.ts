import type { FastifyRequest } from 'fastify';
import { readSessionCookie } from '../../platform/security/session-cookie.ts';
import type { SignInOrigin } from './sessions.service.ts';

/** What a request says of the browser that signs in. */
export const signInOrigin = (request: FastifyRequest): SignInOrigin => ({
  token: readSessionCookie(request),
  userAgent: request.headers['user-agent'],
});
