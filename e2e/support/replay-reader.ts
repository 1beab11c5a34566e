import type { Endpoint } from '@yike/contracts/http/endpoint';
import { openPlayback, type Playback } from '@yike/contracts/http/viewing';
import { Visitor } from '../../api/src/testing/visitor.ts';
import { parseReply, pathOf, type ReplyOf } from './endpoints.ts';
import type { Account } from './visitor.ts';

/** A signed-in person without a browser, who speaks HTTP alone. */
export class ReplayReader {
  readonly #visitor: Visitor;

  private constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  /** @param password where it is not the demo's */
  static async signedIn(origin: string, account: Account, password?: string): Promise<ReplayReader> {
    const visitor = new Visitor(origin);
    const { status } = await visitor.signIn(account, password);
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
    endpoint: E,
    params: Record<string, string> = {},
  ): Promise<ReplyOf<E>> {
    const { body } = await this.#visitor.get(pathOf(endpoint, params));
    return parseReply(endpoint, body);
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
