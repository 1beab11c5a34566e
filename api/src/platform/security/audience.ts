import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Locale, Role } from '@yike/contracts/http/accounts';
import type { UserId } from '@yike/contracts/ids';
import type { FastifyRequest } from 'fastify';
import { NotSignedIn } from '../problems/problems.ts';

/** Who may call a route. Every route declares one; a route without is refused to all, and a test finds it. */
export type Audience =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'roles'; readonly roles: readonly Role[] }
  | { readonly kind: 'node' };

export const AUDIENCE = 'yike:audience';

/** Anyone; a session that is there is still known. */
export const Public = () => SetMetadata(AUDIENCE, { kind: 'public' } satisfies Audience);
export const SignedIn = () => SetMetadata(AUDIENCE, { kind: 'signed-in' } satisfies Audience);
/** One of these roles; what belongs to another person is checked by the service. */
export const Roles = (...roles: Role[]) => SetMetadata(AUDIENCE, { kind: 'roles', roles } satisfies Audience);
/** A media node, by the signature over its request. */
export const SignedByNode = () => SetMetadata(AUDIENCE, { kind: 'node' } satisfies Audience);

/** The person behind a session. */
export interface SignedInUser {
  readonly id: UserId;
  readonly sessionId: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly locale: Locale;
  readonly elderMode: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the audience guard; null without a session. */
    user?: SignedInUser | null;
  }
}

/** The signed-in person, or null: for public routes. */
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
