import { expect, it } from 'vitest';
import { requestHeaders, responseHeaders, upgradeHeaders } from './headers.ts';

const from = { address: '10.0.0.7', scheme: 'http' } as const;

it('keeps order, spelling and doubles, and Host above all', () => {
  const raw = ['HOST', 'yike.example:8080', 'Cookie', 'a=1', 'cookie', 'b=2', 'Transfer-Encoding', 'chunked'];
  expect(requestHeaders(raw, from)).toEqual([
    ...raw,
    'X-Forwarded-For',
    '10.0.0.7',
    'X-Forwarded-Proto',
    'http',
  ]);
});

it("drops the client's word on where it comes from", () => {
  const raw = [
    'X-Forwarded-For',
    '1.1.1.1',
    'x-forwarded-host',
    'evil',
    'Forwarded',
    'for=1',
    'X-Real-IP',
    '1',
  ];
  expect(requestHeaders(raw, from)).toEqual(['X-Forwarded-For', '10.0.0.7', 'X-Forwarded-Proto', 'http']);
});

it('drops what is about the connection, also what Connection names', () => {
  const raw = [
    'Connection',
    'keep-alive, X-Hop',
    'Keep-Alive',
    'timeout=5',
    'x-hop',
    '1',
    'TE',
    'trailers',
    'A',
    'b',
  ];
  expect(requestHeaders(raw, from).slice(0, 2)).toEqual(['A', 'b']);
  expect(responseHeaders([...raw, 'Transfer-Encoding', 'chunked', 'Set-Cookie', 'c'])).toEqual([
    'A',
    'b',
    'Set-Cookie',
    'c',
  ]);
});

it('asks the backend for the protocol that the client asked for', () => {
  const raw = ['Host', 'h', 'Connection', 'Upgrade', 'Upgrade', 'websocket', 'Sec-WebSocket-Key', 'k'];
  const sent = upgradeHeaders(raw, 'websocket', from);
  expect(sent.slice(0, 4)).toEqual(['Host', 'h', 'Sec-WebSocket-Key', 'k']);
  expect(sent.slice(-4)).toEqual(['Connection', 'Upgrade', 'Upgrade', 'websocket']);
});
