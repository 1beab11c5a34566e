import { Injectable } from '@nestjs/common';
import type { Me, Preferences, SignIn } from '@yike/contracts/http/accounts';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { DomainError, NotFound } from '../../domain/domain-error.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Passwords } from './passwords.ts';
import { SessionsService } from './sessions.service.ts';
import { SignInLimits } from './sign-in-limits.ts';
import { meOf } from './me.ts';
import { personOf } from './person-row.ts';
import { UsersRepository } from './users.repository.ts';

/** One of the two is wrong; it never says which. */
class WrongCredentials extends DomainError {
  readonly code = 'wrong-credentials';
}

/** What other features may show of a person. */
export interface Person {
  readonly id: UserId;
  readonly displayName: string;
  readonly orgUnitId: OrgUnitId;
}

@Injectable()
export class AccountsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: Passwords,
    private readonly limits: SignInLimits,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * @param from the caller's address, and the token of the session that the new one replaces
   * @throws WrongCredentials, TooManyRequests
   */
  async signIn(
    { username, password }: SignIn,
    from: { address: string; token: string | undefined },
  ): Promise<{ me: Me; token: string }> {
    await this.limits.count(username, from.address);
    const user = await this.users.byUsername(username, this.unitOfWork.reader);
    const isMatch = await this.passwords.matches(password, user?.passwordHash);
    if (user === null || !isMatch) throw new WrongCredentials('the name or the password is wrong');
    await this.limits.forgive(username, from.address);
    const token = await this.sessions.begin(user.id, from.token);
    return { me: await this.me(user.id), token };
  }

  async changePreferences(userId: UserId, preferences: Preferences): Promise<Me> {
    await this.users.change(userId, preferences, this.unitOfWork.reader);
    return this.me(userId);
  }

  /** @throws NotFound */
  private async me(userId: UserId): Promise<Me> {
    const person = await personOf(userId, this.unitOfWork.reader);
    if (person === null) throw new NotFound('there is no such person');
    return meOf(person, this.clock.nowMs());
  }

  /** Those that exist, by id. */
  async people(ids: readonly UserId[], tx: Tx = this.unitOfWork.reader): Promise<Map<UserId, Person>> {
    const users = await this.users.byIds([...new Set(ids)], tx);
    return new Map(users.map(({ id, displayName, orgUnitId }) => [id, { id, displayName, orgUnitId }]));
  }
}
