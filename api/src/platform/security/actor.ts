import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Locale, Role } from '@yike/contracts/http/accounts';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/policy/can.ts';
import type { Grant } from '../../domain/policy/grants.ts';
import { NotSignedIn } from '../problems/problems.ts';

/** A role with its organisation as a page shows it. */
export interface HeldGrant extends Grant {
  readonly orgUnitId: OrgUnitId;
  readonly orgUnitName: string;
}

/** The person behind a session. */
export interface SignedInUser extends Actor {
  readonly id: UserId;
  readonly userId: UserId;
  readonly sessionId: string;
  readonly displayName: string;
  /** Those of the valid grants, and `resident`. */
  readonly roles: readonly Role[];
  readonly grants: readonly HeldGrant[];
  readonly locale: Locale;
  readonly elderMode: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the policy's guard; null without a session. */
    user?: SignedInUser | null;
  }
}

/** The signed-in person, or null: for what strangers may do too. */
export const MaybeUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): SignedInUser | null =>
    context.switchToHttp().getRequest<FastifyRequest>().user ?? null,
);

/** The signed-in person. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): SignedInUser => {
  const user = context.switchToHttp().getRequest<FastifyRequest>().user;
  if (user === null || user === undefined) throw new NotSignedIn('this route needs a session');
  return user;
});
