import { Controller, Inject, Res } from '@nestjs/common';
import {
  getDemoAccounts,
  getMe,
  type Me,
  type Preferences,
  type SignIn,
  signIn,
  signOut,
  updatePreferences,
} from '@yike/contracts/http/accounts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiConfig } from '../../config.ts';
import { Clock } from '../../platform/clock.ts';
import { BodyOf, type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { Req } from '../../platform/http/public-origin.ts';
import { CurrentUser, MaybeUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { clearSessionCookie, setSessionCookie } from '../../platform/security/session-cookie.ts';
import { CONFIG } from '../../platform/tokens.ts';
import { AccountsService } from './accounts.service.ts';
import { DEMO_ACCOUNTS, demoPasswords } from './demo-accounts.ts';
import { signInOrigin } from './sign-in-origin.ts';
import { meOf } from './me.ts';
import { SessionsService } from './sessions.service.ts';

@Controller()
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: ApiConfig,
  ) {}

  @Serves(signIn)
  @Does('session.begin')
  async signIn(
    @BodyOf(signIn) credentials: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Me> {
    const { me, token } = await this.accounts.signIn(credentials, {
      address: request.ip,
      ...signInOrigin(request),
    });
    setSessionCookie(request, reply, token);
    return me;
  }

  @Serves(signOut)
  @Does('session.end')
  async signOut(
    @MaybeUser() user: SignedInUser | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (user !== null) await this.sessions.end(user.sessionId);
    clearSessionCookie(request, reply);
  }

  @Serves(getMe)
  @Does('me.read')
  getMe(@MaybeUser() user: SignedInUser | null): ReplyOf<typeof getMe> {
    if (user === null) return { me: null };
    return { me: meOf(user, this.clock.nowMs()) };
  }

  @Serves(updatePreferences)
  @Does('preferences.change')
  updatePreferences(
    @BodyOf(updatePreferences) preferences: Preferences,
    @CurrentUser() user: SignedInUser,
  ): Promise<Me> {
    return this.accounts.changePreferences(user.id, preferences);
  }

  @Serves(getDemoAccounts)
  @Does('demo-accounts.list')
  getDemoAccounts(): ReplyOf<typeof getDemoAccounts> {
    // Elsewhere the passwords were told to the operator only.
    if (!this.config.YIKE_DEMO || this.config.DEMO_PASSWORDS !== undefined) return { accounts: [] };
    const passwordOf = demoPasswords(undefined);
    return {
      accounts: DEMO_ACCOUNTS.map(({ username, role }) => ({
        username,
        role,
        password: passwordOf(username),
      })),
    };
  }
}
