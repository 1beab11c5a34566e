import { KEY_INFO } from '@yike/contracts/control/commands';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { deriveKey } from '../control/signature.ts';
import { Tickets } from './tickets.ts';

const secret = 'a secret of at least thirty-two bytes';
const tickets = new Tickets({ MEDIA_NODE_SECRET: secret });
const now = new Date('2026-11-22T10:00:00Z');
const nowS = now.getTime() / 1000;
const claims = { use: 'join', broadcastId: 'b', peerId: 'p', mayPublish: false, exp: nowS + 60 };

const signed = (content: object, key = deriveKey(secret, KEY_INFO.join), alg = 'HS256') =>
  new SignJWT({ ...content }).setProtectedHeader({ alg }).sign(key);

describe('a ticket', () => {
  it('is read as the API wrote it', async () =>
    expect(await tickets.verify(await signed({ ...claims, playbackId: 'v' }), now)).toEqual({
      ...claims,
      playbackId: 'v',
    }));

  it.each([
    { name: 'that has just expired, within the tolerance', change: { exp: nowS - 4 }, good: true },
    { name: 'that has expired', change: { exp: nowS - 6 }, good: false },
    { name: 'for longer than a minute', change: { exp: nowS + 66 }, good: false },
    { name: 'without an end', change: { exp: undefined }, good: false },
    { name: 'for something else', change: { use: 'admin' }, good: false },
    { name: 'to resume, 12 h', change: { use: 'resume', exp: nowS + 12 * 3600 }, good: true },
    { name: 'to resume, a day', change: { use: 'resume', exp: nowS + 24 * 3600 }, good: false },
    { name: 'to watch the live playlists', change: { use: 'watch', playbackId: 'v' }, good: false },
    { name: 'whose right is a word', change: { mayPublish: 'yes' }, good: false },
    { name: 'without a peer', change: { peerId: undefined }, good: false },
  ])('$name: $good', async ({ change, good }) => {
    const verdict = tickets.verify(await signed({ ...claims, ...change }), now);
    await (good
      ? expect(verdict).resolves.toMatchObject(change)
      : expect(verdict).rejects.toThrow('token-invalid'));
  });

  it.each([
    { name: 'of another secret', make: () => signed(claims, deriveKey(`${secret}!`, KEY_INFO.join)) },
    { name: 'of the control key', make: () => signed(claims, deriveKey(secret, KEY_INFO.control)) },
    { name: 'by another algorithm', make: () => signed(claims, new Uint8Array(64), 'HS512') },
    { name: 'without a signature', make: () => Promise.resolve(new UnsecuredJWT(claims).encode()) },
    { name: 'that is no token', make: () => Promise.resolve('a.b.c') },
    { name: 'that is empty', make: () => Promise.resolve('') },
  ])('$name is refused', async ({ make }) =>
    expect(tickets.verify(await make(), now)).rejects.toMatchObject({ problem: { code: 'token-invalid' } }),
  );

  const watch = { ...claims, use: 'watch', playbackId: 'v', exp: nowS + 12 * 3600 };
  it.each([
    { name: 'is a ticket to the live playlists for 12 h', change: {}, good: true },
    { name: 'with counted deliveries, too', change: { counted: true }, good: true },
    { name: 'but not for a day', change: { exp: nowS + 24 * 3600 }, good: false },
    { name: 'nor of a publisher', change: { mayPublish: true }, good: false },
    { name: 'nor without a playback', change: { playbackId: undefined }, good: false },
    { name: 'nor one to join a room', change: { use: 'join', exp: nowS + 60 }, good: false },
  ])('$name: $good', async ({ change, good }) => {
    const verdict = tickets.verifyWatch(await signed({ ...watch, ...change }), now);
    await (good
      ? expect(verdict).resolves.toMatchObject({ playbackId: 'v', broadcastId: 'b' })
      : expect(verdict).rejects.toThrow('token-invalid'));
  });

  it('is exchanged for a resume token of the same peer and rights', async () => {
    const resume = await tickets.issueResume({ ...claims, use: 'join', playbackId: 'v' });
    expect(await tickets.verify(resume)).toMatchObject({
      use: 'resume',
      broadcastId: 'b',
      peerId: 'p',
      playbackId: 'v',
      mayPublish: false,
    });
  });
});
