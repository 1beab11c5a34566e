import { describe, expect, it } from 'vitest';
import { ChokeWatch, type Packets } from './choke-watch.ts';

/** Looks four times a second at a line that brings so much each time. @returns what the last look says */
function look(times: number, { received, lost, bytes }: Packets): boolean {
  const watch = new ChokeWatch();
  let isChoked = false;
  for (let time = 1; time <= times; time += 1) {
    const packets = { received: received * time, lost: lost * time, bytes: bytes * time };
    isChoked = watch.sees(packets, time * 250);
  }
  return isChoked;
}

describe('a line that is sent a picture', () => {
  it.each([
    { name: 'which comes whole', received: 30, lost: 0, bytes: 30_000, choked: false },
    { name: 'with a packet lost here and there', received: 28, lost: 2, bytes: 28_000, choked: false },
    { name: 'of which a quarter is lost', received: 3, lost: 1, bytes: 3_000, choked: false },
    { name: 'of which more is lost, and little comes', received: 2, lost: 28, bytes: 2_000, choked: true },
    { name: 'of which much is lost, and much comes', received: 30, lost: 30, bytes: 30_000, choked: false },
    { name: 'of which nothing comes', received: 0, lost: 0, bytes: 0, choked: false },
  ])('$name: choked $choked', ({ choked, ...packets }) => expect(look(20, packets)).toBe(choked));

  it('is looked at for more than a second', () => {
    const choking = { received: 2, lost: 28, bytes: 2_000 };
    expect([look(5, choking), look(6, choking)]).toEqual([false, true]);
  });

  it('is looked at anew when the connection is a new one', () => {
    const watch = new ChokeWatch();
    watch.sees({ received: 10, lost: 100, bytes: 10_000 }, 0);
    watch.sees({ received: 20, lost: 200, bytes: 20_000 }, 1_000);
    expect(watch.sees({ received: 1, lost: 3, bytes: 1_000 }, 2_000)).toBe(false);
  });
});
