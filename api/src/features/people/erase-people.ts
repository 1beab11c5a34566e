import type { UserId } from '@yike/contracts/ids';

/** What stands where the name was. */
export const ERASED_NAME = '已注销';

/**
 * Destroys what says who people are: their keys, so that every copy of their values is unreadable wherever it lies, the values, their
 * names, their sessions and their ways to sign in. The user's id stays: the ledger's pseudonym.
 * @param query runs SQL, in a transaction
 */
export async function erasePeople(
  userIds: readonly UserId[],
  at: Date,
  query: (sql: string, values: unknown[]) => Promise<unknown>,
): Promise<void> {
  for (const table of ['person_keys', 'real_names', 'sessions'])
    await query(`DELETE FROM ${table} WHERE user_id = ANY ($1)`, [userIds]);
  await query(
    'UPDATE role_grants SET ended_at = $2 WHERE user_id = ANY ($1) AND (ended_at IS NULL OR ended_at > $2)',
    [userIds, at],
  );
  await query(
    `UPDATE users SET display_name = $2, username = NULL, password_hash = NULL, deleted_at = coalesce(deleted_at, $3)
     WHERE id = ANY ($1)`,
    [userIds, ERASED_NAME, at],
  );
}
