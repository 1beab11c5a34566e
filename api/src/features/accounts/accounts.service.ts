import { Injectable } from '@nestjs/common';
import type { Me, Preferences, SignIn } from '@yike/contracts/http/accounts';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { DomainError, NotFound } from '../../domain/domain-error.ts';
import { readPhone } from '../../domain/identity/phone.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { PersonalDataService } from '../people/personal-data.service.ts';
import { Passwords } from './passwords.ts';
import { SessionsService, type SignInOrigin } from './sessions.service.ts';
import { SignInLimits } from './sign-in-limits.ts';
import { meOf } from './me.ts';
import { personOf } from './person-row.ts';
import type { UserEntity } from './user.entity.ts';
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

export interface SignedIn {
  readonly me: Me;
  /** For the cookie. */
  readonly token: string;
}

/** Of somebody who signs in by phone; where `passwordHash` is null, by a code alone. */
export type NewAccount = Pick<UserEntity, 'id' | 'displayName' | 'locale' | 'orgUnitId' | 'passwordHash'>;

@Injectable()
export class AccountsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: Passwords,
    private readonly limits: SignInLimits,
    private readonly personalData: PersonalDataService,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * @param from the caller's address, and the browser
   * @throws WrongCredentials, TooManyRequests
   */
  async signIn(
    { username, password }: SignIn,
    from: SignInOrigin & { readonly address: string },
  ): Promise<SignedIn> {
    await this.limits.count(username, from.address);
    const user = await this.named(username);
    const isMatch = await this.passwords.matches(password, user?.passwordHash);
    if (user === null || !isMatch) throw new WrongCredentials('the name or the password is wrong');
    await this.limits.forgive(username, from.address);
    return this.enter(user.id, from);
  }

  /** Signs somebody in who has shown otherwise who they are. */
  async enter(userId: UserId, from: SignInOrigin): Promise<SignedIn> {
    const token = await this.sessions.begin(userId, from);
    return { me: await this.me(userId), token };
  }

  /** @throws WrongCredentials, TooManyRequests */
  async checkPassword(userId: UserId, password: string, address: string): Promise<void> {
    await this.limits.count(userId, address);
    const [user] = await this.users.byIds([userId], this.unitOfWork.reader);
    if (!(await this.passwords.matches(password, user?.passwordHash))) {
      throw new WrongCredentials('the password is wrong');
    }
    await this.limits.forgive(userId, address);
  }

  /** A new account without any role. */
  async create(account: NewAccount, tx: Tx): Promise<void> {
    await this.users.insert({ ...account, username: null, elderMode: false, deletedAt: null }, tx);
  }

  /** Where somebody is at home. @throws NotFound */
  async homeOf(userId: UserId): Promise<OrgUnitId> {
    const [user] = await this.users.byIds([userId], this.unitOfWork.reader);
    if (user === undefined) throw new NotFound('there is no such person');
    return user.orgUnitId;
  }

  async setPassword(userId: UserId, passwordHash: string, tx: Tx): Promise<void> {
    await this.users.update(userId, { passwordHash }, tx);
  }

  /** To another home. */
  async move(userId: UserId, orgUnitId: OrgUnitId, tx: Tx): Promise<void> {
    await this.users.update(userId, { orgUnitId }, tx);
  }

  /** By what they sign in with: the name of the account, or their phone. */
  private async named(name: string): Promise<UserEntity | null> {
    const user = await this.users.byUsername(name, this.unitOfWork.reader);
    const phone = readPhone(name);
    if (user !== null || 'fault' in phone) return user;
    const userId = await this.personalData.findByPhone(phone.value);
    const [owner] = userId === null ? [] : await this.users.byIds([userId], this.unitOfWork.reader);
    return owner ?? null;
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

  /** What a person may do, as one that nobody sees here now. Null for an unknown one. */
  async actor(
    userId: UserId,
    tx: Tx = this.unitOfWork.reader,
  ): Promise<Pick<SignedInUser, 'userId' | 'grants'> | null> {
    const person = await personOf(userId, tx);
    return person && { userId, grants: person.grants };
  }

  /** Those that exist, by id. */
  async people(ids: readonly UserId[], tx: Tx = this.unitOfWork.reader): Promise<Map<UserId, Person>> {
    const users = await this.users.byIds([...new Set(ids)], tx);
    return new Map(users.map(({ id, displayName, orgUnitId }) => [id, { id, displayName, orgUnitId }]));
  }
}
