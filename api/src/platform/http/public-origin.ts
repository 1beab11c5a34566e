import { createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ApiConfig } from '../../config.ts';
import { CONFIG } from '../tokens.ts';

/** The origin under which the caller sees the portal: `https://yike.example`. */
@Injectable()
export class PublicOrigin {
  constructor(@Inject(CONFIG) private readonly config: ApiConfig) {}

  /** The configured one, else that of the request as the nearest trusted proxy tells it. */
  of(request: FastifyRequest): string {
    return this.config.PUBLIC_ORIGIN ?? requestOrigin(request);
  }

  /** Where this caller reaches object storage. */
  ofStorage(request: FastifyRequest): string {
    return this.config.S3_PUBLIC_URL ?? this.of(request);
  }
}

const requestOrigin = (request: FastifyRequest): string => `${request.protocol}://${request.host}`;

/** The request itself, for what only it knows. */
export const Req = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<FastifyRequest>(),
);
