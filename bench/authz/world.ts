import { createHash, randomBytes } from 'node:crypto';
import { newId, OrgUnitId, RoleGrantId, UserId } from '@yike/contracts/ids';
import type { Pool } from 'pg';
import { childPath, LABEL_WIDTH, labelAfter } from '../../api/src/domain/organisations/paths.ts';
import type { Person, Place } from './places.ts';

const TREE = [
  { name: 'district', parent: null, level: 'district' },
  { name: 'street', parent: 'district', level: 'sub-district' },
  { name: 'neighbour', parent: 'district', level: 'sub-district' },
  { name: 'corner', parent: 'street', level: 'community' },
  { name: 'far corner', parent: 'neighbour', level: 'community' },
] as const;
type UnitName = (typeof TREE)[number]['name'];

/** Roles are given in the street: own is the community below it. */
const HOME: UnitName = 'street';
const UNIT_OF: Readonly<Record<Place, UnitName>> = {
  own: 'corner',
  foreign: 'far corner',
  ancestor: 'district',
};

export interface Somebody {
  readonly id: UserId;
  readonly cookie: string;
  readonly sessionId: string;
}

/** A small tree, and people who stand in it. */
export class World {
  readonly database: Pool;
  readonly #units = new Map<UnitName, { id: OrgUnitId; path: string }>();
  #spares = 0;

  private constructor(database: Pool) {
    this.database = database;
  }

  static async create(database: Pool): Promise<World> {
    const world = new World(database);
    for (const { name, parent, level } of TREE) {
      const above = parent === null ? null : world.#unit(parent);
      world.#units.set(name, await world.#insertUnit(name, level, above));
    }
    return world;
  }

  unitAt(place: Place): OrgUnitId {
    return this.#unit(UNIT_OF[place]).id;
  }

  /** Where the unit of that place hangs. */
  parentAt(place: Place): OrgUnitId {
    const parents = { own: 'street', foreign: 'neighbour', ancestor: 'district' } as const;
    return this.#unit(parents[place]).id;
  }

  /** One more community beside the one at that place, so that it may be moved, merged or closed; at the top the district itself. */
  async spareUnit(place: Place): Promise<OrgUnitId> {
    if (place === 'ancestor') return this.#unit('district').id;
    const above = this.#unit(place === 'own' ? 'street' : 'neighbour');
    this.#spares += 1;
    return (await this.#insertUnit(`spare ${this.#spares}`, 'community', above)).id;
  }

  /** Somebody new with this role, at home in the street; null is a stranger. They have just shown who they are. */
  async person(person: Person): Promise<Somebody | null> {
    if (person === 'stranger') return null;
    const somebody = await this.resident(this.#unit(HOME).id);
    if (person === 'resident') return somebody;
    const at = person === 'platform-administrator' ? 'district' : HOME;
    await this.grant(somebody.id, person, this.#unit(at).id);
    return somebody;
  }

  async resident(home: OrgUnitId): Promise<Somebody> {
    const [id, sessionId] = [newId(UserId), newId(UserId)];
    const token = randomBytes(32).toString('base64url');
    await this.database.query(
      "INSERT INTO users (id, username, password_hash, display_name, locale, org_unit_id) VALUES ($1::uuid, $1::text, '', '某人', 'en', $2)",
      [id, home],
    );
    await this.database.query(
      `INSERT INTO sessions (id, user_id, token_hash, rotated_at, expires_at, stepped_up_at)
       VALUES ($1, $2, $3, now(), now() + interval '1 day', now())`,
      [sessionId, id, createHash('sha256').update(token).digest()],
    );
    return { id, sessionId, cookie: `yike_session=${token}` };
  }

  async grant(userId: UserId, role: string, orgUnitId: OrgUnitId): Promise<RoleGrantId> {
    const id = newId(RoleGrantId);
    await this.database.query(
      `INSERT INTO role_grants (id, user_id, role, org_unit_id, valid_from, reason) VALUES ($1, $2, $3, $4, now() - interval '1 s', 'bench')`,
      [id, userId, role, orgUnitId],
    );
    return id;
  }

  #unit(name: UnitName): { id: OrgUnitId; path: string } {
    const unit = this.#units.get(name);
    if (unit === undefined) throw new Error(`${name} is not there yet`);
    return unit;
  }

  async #insertUnit(name: string, level: string, above: { id: OrgUnitId; path: string } | null) {
    const id = newId(OrgUnitId);
    // The API makes units too.
    const { rows } = await this.database.query<{ highest: string }>(
      `SELECT max(right(path, ${LABEL_WIDTH}) COLLATE "C") AS highest FROM org_units`,
    );
    const path = childPath(above?.path ?? null, labelAfter(rows[0]?.highest ?? null));
    await this.database.query(
      'INSERT INTO org_units (id, name, level, path, parent_id) VALUES ($1, $2, $3, $4, $5)',
      [id, name, level, path, above?.id ?? null],
    );
    return { id, path };
  }
}
