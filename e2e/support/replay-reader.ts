import type { Endpoint } from '@yike/contracts/http/endpoint';
import { openPlayback, type Playback } from '@yike/contracts/http/viewing';
import type { z } from 'zod';
import { Visitor } from '../../api/src/testing/visitor.ts';
import type { Account } from './visitor.ts';

/** A signed-in person without a browser, who speaks HTTP alone. */
export class ReplayReader {
  readonly #visitor: Visitor;

  private constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  static async signedIn(origin: string, account: Account): Promise<ReplayReader> {
    const visitor = new Visitor(origin);
    const { status } = await visitor.signIn(account);
    if (status !== 200) throw new Error(`${account} cannot sign in: ${status}`);
    return new ReplayReader(visitor);
  }

  get origin(): string {
    return this.#visitor.origin;
  }

  get cookie(): string {
    return this.#visitor.cookie;
  }

  /** Reads by the API, checked by the contract. */
  async get<E extends Endpoint<'GET'>>(
    { path, reply }: E,
    params: Record<string, string> = {},
  ): Promise<z.infer<E['reply']>> {
    const address = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const { body } = await this.#visitor.get(address);
    return reply.parse(body) as z.infer<E['reply']>;
  }

  async send(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#visitor.send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}`);
    return answer.body;
  }

  /** Opens a session of a unit. */
  async openUnit(unitId: string): Promise<Playback> {
    return openPlayback.reply.parse(await this.send('POST', openPlayback.path, { mode: 'hls', unitId }));
  }
}
