import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  type RawBodyRequest,
} from '@nestjs/common';
import { KEY_INFO, SIGNATURE_HEADER } from '@yike/contracts/control/commands';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type MediaConfig } from '../config.ts';
import { LOG, type Log } from '../platform/logger.ts';
import { Refusal } from '../platform/refusal.ts';
import { deriveKey, verifySignature } from './signature.ts';

/** Lets only requests pass that the API has signed, over the bytes as they came. */
@Injectable()
export class SignedRequestGuard implements CanActivate {
  readonly #key: Uint8Array;
  readonly #log: Log;

  constructor(@Inject(CONFIG) config: MediaConfig, @Inject(LOG) log: Log) {
    this.#key = deriveKey(config.MEDIA_NODE_SECRET, KEY_INFO.control);
    this.#log = log;
  }

  /** @throws Refusal `signature-invalid` */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<RawBodyRequest<FastifyRequest>>();
    const parts = { method: request.method, path: request.url, body: request.rawBody ?? '' };
    const header = [request.headers[SIGNATURE_HEADER]].flat()[0];
    const verdict = verifySignature(this.#key, parts, header, Date.now());
    if (verdict === 'valid') return true;
    this.#log.warn({ verdict, method: request.method, path: request.url }, 'control request refused');
    throw new Refusal('signature-invalid', verdict);
  }
}
