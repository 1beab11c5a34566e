import { describe, expect, it } from 'vitest';
import { isOriginAllowed, readOrigins } from './origin.ts';

describe('an origin', () => {
  it.each([
    { name: 'its own host', headers: { origin: 'http://a.cn:8080', host: 'a.cn:8080' }, allowed: true },
    { name: 'its own host over TLS', headers: { origin: 'https://a.cn', host: 'a.cn' }, allowed: true },
    {
      name: 'the host that a proxy was asked for',
      headers: { origin: 'https://a.cn', host: '127.0.0.1:8081', 'x-forwarded-host': 'a.cn' },
      allowed: true,
    },
    {
      name: 'the first of several proxies',
      headers: { origin: 'https://a.cn', host: 'x', 'x-forwarded-host': 'a.cn, inner' },
      allowed: true,
    },
    { name: 'a named one', headers: { origin: 'https://portal.cn', host: 'media.cn' }, allowed: true },
    { name: 'no browser', headers: { host: 'a.cn' }, allowed: true },
    { name: 'another host', headers: { origin: 'https://evil.cn', host: 'a.cn' }, allowed: false },
    { name: 'another port', headers: { origin: 'http://a.cn:81', host: 'a.cn' }, allowed: false },
    { name: 'a subdomain', headers: { origin: 'https://x.a.cn', host: 'a.cn' }, allowed: false },
    { name: 'a lookalike', headers: { origin: 'https://a.cn.evil.cn', host: 'a.cn' }, allowed: false },
    {
      name: 'the named one by another scheme',
      headers: { origin: 'http://portal.cn', host: 'a.cn' },
      allowed: false,
    },
    { name: 'a sandboxed page', headers: { origin: 'null', host: 'a.cn' }, allowed: false },
    { name: 'a file', headers: { origin: 'file://', host: '' }, allowed: false },
    { name: 'an empty one', headers: { origin: '', host: 'a.cn' }, allowed: false },
  ])('$name: $allowed', ({ headers, allowed }) =>
    expect(isOriginAllowed(headers, ['https://portal.cn'])).toBe(allowed),
  );

  it('list is read with or without spaces', () => {
    expect(readOrigins('https://a.cn, https://b.cn,')).toEqual(['https://a.cn', 'https://b.cn']);
    expect(readOrigins()).toEqual([]);
  });
});
