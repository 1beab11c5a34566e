import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { isFromInside } from './inside.ts';

it.each([
  { remoteAddress: '127.0.0.1', headers: {}, inside: true },
  { remoteAddress: '::1', headers: {}, inside: true },
  { remoteAddress: '::ffff:10.1.2.3', headers: {}, inside: true },
  { remoteAddress: '172.18.0.5', headers: {}, inside: true },
  { remoteAddress: '172.32.0.5', headers: {}, inside: false },
  { remoteAddress: 'fd00::5', headers: {}, inside: true },
  { remoteAddress: '203.0.113.9', headers: {}, inside: false },
  { remoteAddress: '2001:db8::1', headers: {}, inside: false },
  { remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9' }, inside: false },
  { remoteAddress: '10.0.0.2', headers: { via: '1.1 Caddy' }, inside: false },
  { remoteAddress: undefined, headers: {}, inside: false },
])('$remoteAddress $headers: $inside', ({ remoteAddress, headers, inside }) => {
  // All that is looked at of a request.
  const request = { headers, socket: { remoteAddress } } as unknown as FastifyRequest;
  expect(isFromInside(request)).toBe(inside);
});
