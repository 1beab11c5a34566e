import { SIGNATURE_TOLERANCE_MS } from '@yike/contracts/control/commands';
import { expect, it } from 'vitest';
import { isSignatureValid, signRequest } from './node-signature.ts';
import { deriveKey } from './secrets.ts';

const key = deriveKey('a secret of thirty-two characters', 'yike/control');
const request = { method: 'PUT', path: '/control/broadcasts/1', body: '{"state":"open"}' };
const NOW = 1_763_800_000_000;
const header = signRequest(key, request, NOW);

it.each([
  { name: 'the request itself', valid: true },
  { name: 'a minute later', nowMs: NOW + SIGNATURE_TOLERANCE_MS, valid: true },
  { name: 'more than a minute later', nowMs: NOW + SIGNATURE_TOLERANCE_MS + 1, valid: false },
  { name: 'from more than a minute ahead', nowMs: NOW - SIGNATURE_TOLERANCE_MS - 1, valid: false },
  { name: 'another body', request: { ...request, body: '{"state":"closed"}' }, valid: false },
  { name: 'another path', request: { ...request, path: '/control/broadcasts/2' }, valid: false },
  { name: 'another method', request: { ...request, method: 'POST' }, valid: false },
  { name: 'another key', key: deriveKey('a secret of thirty-two characters', 'yike/join'), valid: false },
  { name: 'another time in the header', header: header.replace(`t=${NOW}`, `t=${NOW + 1}`), valid: false },
  { name: 'no header', header: '', valid: false },
  { name: 'a header of another form', header: `${header},v2=00`, valid: false },
])('$name: $valid', ({ valid, ...other }) => {
  const given = { key, request, header, nowMs: NOW, ...other };
  expect(isSignatureValid(given.key, given.request, given.header, given.nowMs)).toBe(valid);
});
