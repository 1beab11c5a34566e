import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { KEY_INFO, SIGNATURE_HEADER } from '@yike/contracts/control/commands';
import { REQUEST_ID_HEADER } from '@yike/contracts/request-id';
import { CONFIG, type MediaConfig } from '../config.ts';
import { currentRequestId } from '../platform/request-context.ts';
import { deriveKey, sign } from './signature.ts';

const REPLY_WITHIN_MS = 10_000;

/** The API answered, but not with success. */
export class ApiRefused extends Error {
  readonly status: number;

  constructor(status: number, path: string) {
    super(`the API answered ${status} to ${path}`);
    this.name = 'ApiRefused';
    this.status = status;
  }

  /** Whether the body itself was refused, so that sending it again cannot help. */
  get isOfBody(): boolean {
    return [400, 413, 422].includes(this.status);
  }
}

/** Signed requests to the API's internal routes. */
@Injectable()
export class ApiClient {
  readonly #origin: string;
  readonly #key: Uint8Array;

  constructor(@Inject(CONFIG) config: Pick<MediaConfig, 'API_URL' | 'MEDIA_NODE_SECRET'>) {
    this.#origin = config.API_URL;
    this.#key = deriveKey(config.MEDIA_NODE_SECRET, KEY_INFO.control);
  }

  /**
   * Sends JSON and returns the reply's JSON, unchecked.
   * @throws ApiRefused for any status but 2xx; a network error or a DOMException of time-out where no answer came
   */
  async send(
    method: 'PUT' | 'POST',
    path: string,
    content: unknown,
    withinMs = REPLY_WITHIN_MS,
  ): Promise<unknown> {
    const body = JSON.stringify(content);
    const reply = await fetch(new URL(path, this.#origin), {
      method,
      body,
      headers: {
        'content-type': 'application/json',
        [REQUEST_ID_HEADER]: currentRequestId() ?? randomUUID(),
        [SIGNATURE_HEADER]: sign(this.#key, { method, path, body }, Date.now()),
      },
      signal: AbortSignal.timeout(withinMs),
    });
    if (!reply.ok) {
      await reply.body?.cancel();
      throw new ApiRefused(reply.status, path);
    }
    return reply.json();
  }
}
