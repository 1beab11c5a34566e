import { expect, it } from 'vitest';
import { sentenceFor, SetupFailure } from './failure.ts';

const withCode = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: failed`), { code, path });

it.each([
  { name: 'a sentence of ours', error: new SetupFailure('Port 80 is in use.'), says: 'Port 80 is in use.' },
  { name: 'a full disk', error: withCode('ENOSPC'), says: 'The disk is full' },
  {
    name: 'a full disk below',
    error: new Error('put failed', { cause: Object.assign(new Error('no'), { code: 'XMinioStorageFull' }) }),
    says: 'The disk is full',
  },
  {
    name: 'a full disk by PostgreSQL',
    error: new SetupFailure('initdb: could not write: No space left on device.'),
    says: 'The disk is full',
  },
  { name: 'no permission', error: withCode('EACCES', '/root/x'), says: 'Permission denied at /root/x' },
])('says it in a sentence: $name', ({ error, says }) => expect(sentenceFor(error)).toContain(says));

it.each([new TypeError('x is not a function'), 'text', withCode('EWHAT')])(
  'leaves a bug its stack',
  (error) => {
    expect(sentenceFor(error)).toBeUndefined();
  },
);
