import { Global, Module } from '@nestjs/common';
import { SessionAuthenticator } from '../../platform/security/session-authenticator.ts';
import { AccountsController } from './accounts.controller.ts';
import { AccountsService } from './accounts.service.ts';
import { ResidentsPort } from '../organisations/residents-port.ts';
import { PeopleModule } from '../people/people.module.ts';
import { Passwords } from './passwords.ts';
import { SessionsController } from './sessions.controller.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsService } from './sessions.service.ts';
import { SignInLimits } from './sign-in-limits.ts';
import { UserHomes } from './user-homes.ts';
import { UsersRepository } from './users.repository.ts';

/** Who is who. Global, since every route's guard asks for sessions. */
@Global()
@Module({
  imports: [PeopleModule],
  controllers: [AccountsController, SessionsController],
  providers: [
    AccountsService,
    SessionsService,
    SessionsRepository,
    UsersRepository,
    UserHomes,
    Passwords,
    SignInLimits,
    { provide: ResidentsPort, useExisting: UserHomes },
    { provide: SessionAuthenticator, useExisting: SessionsService },
  ],
  exports: [AccountsService, SessionsService, ResidentsPort, SessionAuthenticator],
})
export class AccountsModule {}
