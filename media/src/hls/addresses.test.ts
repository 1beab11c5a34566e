import { describe, expect, it } from 'vitest';
import { fileOf, folderKeys, MediaPath, PlaylistQuery } from './addresses.ts';

describe('the key of a broadcast', () => {
  const key = folderKeys('the secret of a node, at least 32 bytes');
  it('is the same in every process of the node, and another for another broadcast or node', () => {
    expect(folderKeys('the secret of a node, at least 32 bytes')('a')).toBe(key('a'));
    expect(key('a')).toMatch(/^[\w-]{22}$/);
    expect(new Set([key('a'), key('b'), folderKeys('another secret of at least 32 bytes')('a')]).size).toBe(
      3,
    );
  });
});

describe('an address of media', () => {
  const path = { broadcastId: 'b', key: 'k', epoch: '1000', track: 'video', file: '12.m4s' };
  it.each([
    { file: 'init.mp4', is: 'init' },
    { file: '12.m4s', is: { seq: 12, part: null } },
    { file: '12.3.m4s', is: { seq: 12, part: 3 } },
  ])('$file', ({ file, is }) => expect(fileOf(MediaPath.parse({ ...path, file }).file)).toEqual(is));

  it.each([
    { file: '12.mp4' },
    { file: '12.3.4.m4s' },
    { file: '.m4s' },
    { file: '-1.m4s' },
    { file: '1234567.m4s' },
    { file: '../12.m4s' },
    { epoch: '1e3' },
    { epoch: '10000000000' },
    { track: 'text' },
  ])('is none with %o', (wrong) => expect(MediaPath.safeParse({ ...path, ...wrong }).success).toBe(false));
});

describe('what a player asks of a playlist', () => {
  it('may hold what other people put there', () =>
    expect(
      PlaylistQuery.parse({ ticket: 't', _HLS_msn: '7', _HLS_part: '0', _HLS_skip: 'v2', _cache: 'x' }),
    ).toEqual({ ticket: 't', _HLS_msn: 7, _HLS_part: 0, _HLS_skip: 'v2' }));
});
