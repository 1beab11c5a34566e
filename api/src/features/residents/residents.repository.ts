import { Injectable } from '@nestjs/common';
import type { ResidentGroup } from '@yike/contracts/http/registration';
import type { ResidentSort } from '@yike/contracts/http/residents';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { rangeOf } from '../../domain/organisations/paths.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

/** What a list of residents is made of; names and numbers come from personal data. */
export interface ResidentRow {
  readonly id: UserId;
  readonly name: string;
  readonly displayName: string;
  readonly homeId: OrgUnitId;
  readonly homeName: string;
  readonly homePath: string;
  readonly registeredAt: Date;
}

/** Who is looked for: all of it must fit. */
export interface ResidentFilter {
  /** Parts of the tree, none within another's reach matters; an empty path is the whole house. */
  readonly scopes: readonly string[];
  readonly namePrefix: string | null;
  /** The one person that a phone or number names. */
  readonly only: UserId | null;
  readonly group: ResidentGroup | null;
}

/** Where the page before ended. */
export interface ResidentPlace {
  readonly name: string;
  readonly id: UserId;
}

/** Comes after every character that a name may have. */
const AFTER_ALL = '\u{10FFFF}';
const FIELDS = `u.id, r.name, u.display_name AS "displayName", o.id AS "homeId", o.name AS "homeName",
  o.path AS "homePath", u.created_at AS "registeredAt"`;
const TABLES = `real_names r JOIN users u ON u.id = r.user_id JOIN org_units o ON o.id = u.org_unit_id`;

/** Lists people with their homes: it reads the tables of persons, accounts and organisations together, and writes none. */
@Injectable()
export class ResidentsRepository {
  async find(
    { scopes, namePrefix, only, group }: ResidentFilter,
    page: { readonly sort: ResidentSort; readonly after: ResidentPlace | null; readonly limit: number },
    tx: Tx,
  ): Promise<ResidentRow[]> {
    if (scopes.length === 0) return [];
    const values: unknown[] = [];
    const put = (value: unknown): string => `$${values.push(value)}`;
    const conditions = [inScopes(scopes, put)];
    if (namePrefix !== null) {
      conditions.push(`r.name >= ${put(namePrefix)} AND r.name < ${put(namePrefix + AFTER_ALL)}`);
    }
    if (only !== null) conditions.push(`r.user_id = ${put(only)}`);
    if (group !== null) conditions.push(`${put(group)} = ANY(r.groups)`);
    const { sort, after } = page;
    if (after !== null && sort === 'name') {
      conditions.push(`(r.name, r.user_id) > (${put(after.name)}, ${put(after.id)}::uuid)`);
    }
    if (after !== null && sort === 'newest') conditions.push(`r.user_id < ${put(after.id)}::uuid`);
    const order = sort === 'name' ? 'r.name, r.user_id' : 'r.user_id DESC'; // Ids grow with time.
    return tx.query<ResidentRow[]>(
      `SELECT ${FIELDS} FROM ${TABLES} WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ${put(page.limit)}`,
      values,
    );
  }

  async byId(id: UserId, tx: Tx): Promise<ResidentRow | null> {
    const [row] = await tx.query<ResidentRow[]>(`SELECT ${FIELDS} FROM ${TABLES} WHERE r.user_id = $1`, [id]);
    return row ?? null;
  }
}

/** The organisations are few: found first, they make the homes a short list of ids. */
function inScopes(scopes: readonly string[], put: (value: unknown) => string): string {
  if (scopes.includes('')) return 'true';
  const ranges = scopes.map(rangeOf).map(({ from, to }) => `(path >= ${put(from)} AND path < ${put(to)})`);
  return `u.org_unit_id = ANY(ARRAY(SELECT id FROM org_units WHERE ${ranges.join(' OR ')}))`;
}
