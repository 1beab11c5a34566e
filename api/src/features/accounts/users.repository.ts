import { Injectable } from '@nestjs/common';
import type { Preferences } from '@yike/contracts/http/accounts';
import type { UserId } from '@yike/contracts/ids';
import { In } from 'typeorm';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { UserEntity } from './user.entity.ts';

@Injectable()
export class UsersRepository {
  byUsername(username: string, tx: Tx): Promise<UserEntity | null> {
    return tx.findOneBy(UserEntity, { username: username.toLowerCase() });
  }

  byIds(ids: readonly UserId[], tx: Tx): Promise<UserEntity[]> {
    return tx.findBy(UserEntity, { id: In(ids) });
  }

  async change(id: UserId, { locale, elderMode }: Preferences, tx: Tx): Promise<void> {
    const changes = { ...(locale && { locale }), ...(elderMode !== undefined && { elderMode }) };
    if (Object.keys(changes).length > 0) await tx.update(UserEntity, { id }, changes);
  }
}
