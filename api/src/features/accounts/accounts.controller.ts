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
import { BodyOf, type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { Req } from '../../platform/http/public-origin.ts';
import {
  CurrentUser,
  MaybeUser,
  Public,
  SignedIn,
  type SignedInUser,
} from '../../platform/security/audience.ts';
import {
  clearSessionCookie,
  readSessionCookie,
  setSessionCookie,
} from '../../platform/security/session-cookie.ts';
import { CONFIG } from '../../platform/tokens.ts';
import { AccountsService } from './accounts.service.ts';
import { DEMO_ACCOUNTS, demoPasswords } from './demo-accounts.ts';
import { SessionsService } from './sessions.service.ts';

@Controller()
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    @Inject(CONFIG) private readonly config: ApiConfig,
  ) {}

  @Serves(signIn)
  @Public()
  async signIn(
    @BodyOf(signIn) credentials: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Me> {
    const from = { address: request.ip, token: readSessionCookie(request) };
    const { me, token } = await this.accounts.signIn(credentials, from);
    setSessionCookie(request, reply, token);
    return me;
  }

  @Serves(signOut)
  @Public()
  async signOut(
    @MaybeUser() user: SignedInUser | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (user !== null) await this.sessions.end(user.sessionId);
    clearSessionCookie(request, reply);
  }

  @Serves(getMe)
  @Public()
  getMe(@MaybeUser() user: SignedInUser | null): ReplyOf<typeof getMe> {
    if (user === null) return { me: null };
    const { id, displayName, roles, locale, elderMode } = user;
    return { me: { id, displayName, roles: [...roles], locale, elderMode } };
  }

  @Serves(updatePreferences)
  @SignedIn()
  updatePreferences(
    @BodyOf(updatePreferences) preferences: Preferences,
    @CurrentUser() user: SignedInUser,
  ): Promise<Me> {
    return this.accounts.changePreferences(user.id, preferences);
  }

  @Serves(getDemoAccounts)
  @Public()
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
