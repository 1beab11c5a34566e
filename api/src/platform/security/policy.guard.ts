import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { KEY_INFO, SIGNATURE_HEADER } from '@yike/contracts/control/commands';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiConfig } from '../../config.ts';
import { Forbidden } from '../../domain/domain-error.ts';
import { ruleOf } from '../../domain/policy/actions.ts';
import { Clock } from '../clock.ts';
import { isSignatureValid } from '../crypto/node-signature.ts';
import { deriveKey } from '../crypto/secrets.ts';
import { SignatureInvalid } from '../problems/problems.ts';
import { CONFIG } from '../tokens.ts';
import { Acts } from './acts.ts';
import { actionOf } from './does.ts';
import { SessionAuthenticator } from './session-authenticator.ts';
import { readSessionCookie, setSessionCookie } from './session-cookie.ts';
import { SameOrigin } from './same-origin.ts';

/** Lets a request through to its route where there may be something that its sender could do there. */
@Injectable()
export class PolicyGuard implements CanActivate {
  private readonly controlKey: Buffer;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    private readonly acts: Acts,
    private readonly sessions: SessionAuthenticator,
    private readonly sameOrigin: SameOrigin,
    private readonly clock: Clock,
  ) {
    this.controlKey = deriveKey(config.MEDIA_NODE_SECRET, KEY_INFO.control);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { rawBody?: Buffer }>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const action = actionOf(context.getHandler(), context.getClass());
    if (action === undefined) throw new Forbidden('this route names no action');
    if (ruleOf(action).scope === 'node') return this.admitNode(request);
    this.sameOrigin.assert(request);
    request.user = await this.userOf(request, reply);
    this.acts.begin(request.user, action);
    return true;
  }

  private admitNode(request: FastifyRequest & { rawBody?: Buffer }): boolean {
    const signed = { method: request.method, path: request.originalUrl, body: request.rawBody ?? '' };
    const header = request.headers[SIGNATURE_HEADER];
    const value = Array.isArray(header) ? header[0] : header;
    if (isSignatureValid(this.controlKey, signed, value, this.clock.nowMs())) return true;
    throw new SignatureInvalid('the signature does not fit the request, its key or the time');
  }

  private async userOf(request: FastifyRequest, reply: FastifyReply) {
    const token = readSessionCookie(request);
    if (token === undefined) return null;
    const session = await this.sessions.authenticate(token, true);
    if (session === null) return null;
    if (session.newToken !== null) setSessionCookie(request, reply, session.newToken);
    return session.user;
  }
}
