import { Global, Module } from '@nestjs/common';
import { SessionAuthenticator } from '../../platform/security/session-authenticator.ts';
import { AccountsController } from './accounts.controller.ts';
import { AccountsService } from './accounts.service.ts';
import { Passwords } from './passwords.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsService } from './sessions.service.ts';
import { SignInLimits } from './sign-in-limits.ts';
import { UsersRepository } from './users.repository.ts';

/** Who is who. Global, since every route's guard asks for sessions. */
@Global()
@Module({
  controllers: [AccountsController],
  providers: [
    AccountsService,
    SessionsService,
    SessionsRepository,
    UsersRepository,
    Passwords,
    SignInLimits,
    { provide: SessionAuthenticator, useExisting: SessionsService },
  ],
  exports: [AccountsService, SessionAuthenticator],
})
export class AccountsModule {}
