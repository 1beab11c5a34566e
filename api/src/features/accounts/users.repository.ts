import { Injectable } from '@nestjs/common';
import type { Preferences } from '@yike/contracts/http/accounts';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { In } from 'typeorm';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { UserEntity } from './user.entity.ts';

@Injectable()
export class UsersRepository {
  async insert(user: Omit<UserEntity, 'createdAt'>, tx: Tx): Promise<void> {
    await tx.insert(UserEntity, user);
  }

  async update(
    id: UserId,
    change: Partial<Pick<UserEntity, 'passwordHash' | 'orgUnitId'>>,
    tx: Tx,
  ): Promise<void> {
    await tx.update(UserEntity, { id }, change);
  }

  byUsername(username: string, tx: Tx): Promise<UserEntity | null> {
    return tx.findOneBy(UserEntity, { username: username.toLowerCase() });
  }

  byIds(ids: readonly UserId[], tx: Tx): Promise<UserEntity[]> {
    return tx.findBy(UserEntity, { id: In(ids) });
  }

  async countByHome(units: readonly OrgUnitId[], tx: Tx): Promise<Map<OrgUnitId, number>> {
    const rows = await tx.query<{ id: OrgUnitId; residents: number }[]>(
      `SELECT org_unit_id AS id, count(*)::int AS residents FROM users
       WHERE org_unit_id = ANY($1) GROUP BY org_unit_id`,
      [units],
    );
    return new Map(rows.map(({ id, residents }) => [id, residents]));
  }

  async rehome(from: OrgUnitId, into: OrgUnitId, tx: Tx): Promise<void> {
    await tx.update(UserEntity, { orgUnitId: from }, { orgUnitId: into });
  }

  async change(id: UserId, { locale, elderMode }: Preferences, tx: Tx): Promise<void> {
    const changes = { ...(locale && { locale }), ...(elderMode !== undefined && { elderMode }) };
    if (Object.keys(changes).length > 0) await tx.update(UserEntity, { id }, changes);
  }
}
