import { expect, it } from 'vitest';
import { allowObjectStore } from './security-headers.ts';

const policy = "default-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self' ws:";

it('lets pictures, media and data come from the object store', () =>
  expect(allowObjectStore(policy, 'https://s3.example')).toBe(
    "default-src 'self'; img-src https://s3.example 'self' data:; media-src https://s3.example 'self'; connect-src https://s3.example 'self' ws:",
  ));

it('changes nothing where the store has the pages’ own origin', () =>
  expect(allowObjectStore(policy, undefined)).toBe(policy));
