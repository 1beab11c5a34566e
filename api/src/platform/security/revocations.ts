import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.ts';
import { ExpiringMap } from '../expiring-map.ts';

/** How long anything that was admitted may be remembered without asking the database again. */
export const ADMITTED_FOR_MS = 60_000;
const MOST = 100_000;

/**
 * Ids of sessions that have ended on this node. Whoever remembers an admission for {@link ADMITTED_FOR_MS} asks here, so that an end holds at once;
 * an end on another node holds when the memory is over.
 */
@Injectable()
export class Revocations {
  readonly #ended = new ExpiringMap<true>(MOST);

  constructor(private readonly clock: Clock) {}

  /** To be called after the commit. */
  revoke(id: string): void {
    this.#ended.set(id, true, this.clock.nowMs() + ADMITTED_FOR_MS);
  }

  isRevoked(id: string): boolean {
    return this.#ended.get(id, this.clock.nowMs()) === true;
  }
}
