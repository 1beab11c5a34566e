import type { UserId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';

/** A person with the roles that are not ended, whether their time has come or is over. */
export type PersonRow = Pick<SignedInUser, 'id' | 'displayName' | 'locale' | 'elderMode' | 'grants'>;

/** In one query, since every request of theirs asks it. Null for an unknown one. */
export async function personOf(id: UserId, tx: Tx): Promise<PersonRow | null> {
  const rows = await tx.query<PersonRow[]>(
    `SELECT u.id, u.display_name AS "displayName", u.locale, u.elder_mode AS "elderMode",
       coalesce((
         SELECT json_agg(json_build_object(
           'role', g.role, 'orgUnitId', g.org_unit_id, 'orgUnitName', o.name, 'path', o.path,
           'validFromMs', floor(extract(epoch FROM g.valid_from) * 1000)::bigint,
           'validToMs', floor(extract(epoch FROM g.valid_to) * 1000)::bigint) ORDER BY g.id)
         FROM role_grants g JOIN org_units o ON o.id = g.org_unit_id
         WHERE g.user_id = u.id AND g.ended_at IS NULL
       ), '[]') AS grants
     FROM users u WHERE u.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}
