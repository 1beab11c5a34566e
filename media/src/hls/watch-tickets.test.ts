import { describe, expect, it } from 'vitest';
import { Refusal } from '../platform/refusal.ts';
import type { WatchClaims } from '../sfu/tickets.ts';
import { WatchTickets } from './watch-tickets.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const CLAIMS: WatchClaims = {
  broadcastId: 'b',
  peerId: 'p',
  playbackId: 'v',
  mayPublish: false,
  exp: NOW.getTime() / 1_000 + 60,
};

/** Tickets of which one is good for a minute; counts how often one is looked at. */
function readOnce() {
  const looked: string[] = [];
  const verifyWatch = (token: string, now = NOW): Promise<WatchClaims> => {
    looked.push(token);
    const isGood = token === 'good' && now.getTime() < CLAIMS.exp * 1_000;
    return isGood ? Promise.resolve(CLAIMS) : Promise.reject(new Refusal('token-invalid'));
  };
  return { looked, tickets: new WatchTickets({ verifyWatch }) };
}

describe('tickets to the live playlists', () => {
  it('are looked at once, as long as they are good', async () => {
    const { looked, tickets } = readOnce();
    for (let at = 0; at < 3; at += 1) expect(await tickets.read('good', NOW)).toBe(CLAIMS);
    expect(looked).toEqual(['good']);
  });

  it('end in time, also those that are remembered', async () => {
    const { tickets } = readOnce();
    await tickets.read('good', NOW);
    await expect(tickets.read('good', new Date(CLAIMS.exp * 1_000))).rejects.toThrow('token-invalid');
  });

  it('that are bad are looked at each time', async () => {
    const { looked, tickets } = readOnce();
    for (let at = 0; at < 2; at += 1) await expect(tickets.read('bad', NOW)).rejects.toThrow('token-invalid');
    expect(looked).toEqual(['bad', 'bad']);
  });
});
