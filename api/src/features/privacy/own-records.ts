/** Rows about a person, as they are exported. */
export interface OwnRecords {
  /** In the archive. */
  readonly file: string;
  /** The columns by which the rows are theirs, as `table.column`. */
  readonly by: readonly string[];
  /** Gives JSON texts (`row`) for the person `$1`. */
  readonly sql: string;
  /** It gives a few rows behind the id `$2` (null at first) and their ids (`id`), to be asked again. */
  readonly isPaged?: true;
}

const PLAYBACKS_AT_ONCE = 20;

/**
 * Everything that hangs on a person, table by table, without what lets somebody in and without what is only derived from the rest. New
 * columns come along by themselves; a test finds new tables.
 */
export const OWN_RECORDS: readonly OwnRecords[] = [
  {
    file: 'account.json',
    by: ['users.id'],
    sql: `SELECT (to_jsonb(u) - 'password_hash' || jsonb_build_object('home', o.name))::text AS row
          FROM users u JOIN org_units o ON o.id = u.org_unit_id WHERE u.id = $1`,
  },
  simple('sessions.json', 'sessions', 'user_id', ['token_hash', 'previous_token_hash']),
  simple('roles.json', 'role_grants', 'user_id', ['granted_by', 'ended_by']),
  simple('consents.json', 'consents', 'user_id'),
  {
    file: 'guardian-of.json',
    by: ['real_names.guardian_id'],
    sql: `SELECT jsonb_build_object('user_id', user_id, 'name', name)::text AS row FROM real_names WHERE guardian_id = $1`,
  },
  {
    file: 'learning/ledger.json',
    by: ['accounts.user_id'],
    sql: `SELECT (to_jsonb(e) || jsonb_build_object('delta', l.delta, 'balance_after', l.balance_after))::text AS row
          FROM accounts a JOIN ledger_legs l ON l.account_id = a.id JOIN ledger_entries e ON e.id = l.entry_id
          WHERE a.user_id = $1 ORDER BY l.account_id, l.position`,
  },
  simple('learning/completions.json', 'completions', 'user_id'),
  simple('learning/certificates.json', 'certificates', 'user_id'),
  simple('learning/coverage.json', 'coverages', 'user_id'),
  {
    file: 'learning/viewing.json',
    by: ['playbacks.user_id'],
    isPaged: true,
    sql: `SELECT p.id, (to_jsonb(p) - 'token_hash' || jsonb_build_object(
            'verdicts', (SELECT jsonb_agg(to_jsonb(v) - 'playback_id') FROM verdicts v WHERE v.playback_id = p.id),
            'beats', (SELECT jsonb_agg(to_jsonb(b) - 'playback_id') FROM beats b WHERE b.playback_id = p.id),
            'segments', (SELECT jsonb_agg(to_jsonb(s) - 'playback_id') FROM segment_evidence s WHERE s.playback_id = p.id),
            'delivered', (SELECT jsonb_agg(to_jsonb(d) - 'playback_id') FROM deliveries d WHERE d.playback_id = p.id),
            'tenures', (SELECT jsonb_agg(to_jsonb(t) - 'playback_id') FROM lease_tenures t WHERE t.playback_id = p.id)
          ))::text AS row FROM playbacks p
          WHERE p.user_id = $1 AND ($2::uuid IS NULL OR p.id > $2) ORDER BY p.id LIMIT ${PLAYBACKS_AT_ONCE}`,
  },
  simple('teaching/lectures.json', 'lectures', 'lecturer_id'),
  simple('teaching/courses.json', 'courses', 'lecturer_id'),
  simple('office/acts.json', 'audit_entries', 'actor_id', ['previous_hash', 'hash']),
  simple('office/acts-on-me.json', 'audit_entries', 'subject_id', ['actor_id', 'previous_hash', 'hash']),
  simple('office/changes-of-organisations.json', 'org_unit_changes', 'actor_id'),
];

function simple(file: string, table: string, column: string, without: readonly string[] = []): OwnRecords {
  const hidden = without.map((name) => ` - '${name}'`).join('');
  return {
    file,
    by: [`${table}.${column}`],
    sql: `SELECT (to_jsonb(t)${hidden})::text AS row FROM ${table} t WHERE ${column} = $1`,
  };
}
