import type { FastifyRequest } from 'fastify';

/** For everything that this process answers. A page brings its own Content-Security-Policy (SvelteKit knows its nonces). */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
} as const;

/** For answers that are no pages: nothing in them may ever run or load. */
const NO_PAGE = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" } as const;
const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' } as const;

export const securityHeaders = (request: FastifyRequest, kind: 'page' | 'data'): Record<string, string> => ({
  ...ALWAYS,
  ...(kind === 'data' ? NO_PAGE : {}),
  ...(request.protocol === 'https' ? HTTPS_ONLY : {}),
});
