import type { Tickets, WatchClaims } from '../sfu/tickets.ts';

/** A player shows his ticket three times a second. */
const MAX_REMEMBERED = 20_000;

/** Reads tickets to the live playlists, and remembers those it has read. */
export class WatchTickets {
  readonly #tickets: Pick<Tickets, 'verifyWatch'>;
  readonly #known = new Map<string, WatchClaims>();

  constructor(tickets: Pick<Tickets, 'verifyWatch'>) {
    this.#tickets = tickets;
  }

  /** @throws Refusal `token-invalid` */
  async read(token: string, now = new Date()): Promise<WatchClaims> {
    const known = this.#known.get(token);
    if (known && known.exp * 1_000 > now.getTime()) return known;
    this.#known.delete(token);
    const claims = await this.#tickets.verifyWatch(token, now);
    this.#known.set(token, claims);
    if (this.#known.size > MAX_REMEMBERED) this.#forgetOldest();
    return claims;
  }

  #forgetOldest(): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
