import { newId, RoleGrantId } from '@yike/contracts/ids';
import type { MigrationInterface, QueryRunner } from 'typeorm';

interface OldRoles {
  readonly id: string;
  readonly roles: readonly string[];
  readonly home: string;
  readonly top: string;
}

/** Roles are granted at an organisation and for a time; those of the accounts so far become grants without an end. */
export class RoleGrants1763900000001 implements MigrationInterface {
  name = 'RoleGrants1763900000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE role_grants (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        role text NOT NULL,
        org_unit_id uuid NOT NULL REFERENCES org_units,
        valid_from timestamptz NOT NULL,
        valid_to timestamptz,
        granted_by uuid REFERENCES users ON DELETE SET NULL,
        granted_at timestamptz NOT NULL DEFAULT now(),
        reason text NOT NULL,
        ended_at timestamptz,
        ended_by uuid REFERENCES users ON DELETE SET NULL
      );
      CREATE INDEX role_grants_user ON role_grants (user_id);
      CREATE INDEX role_grants_org_unit ON role_grants (org_unit_id);
      GRANT SELECT, INSERT, UPDATE ON role_grants TO yike_app;
      ALTER TABLE sessions ADD COLUMN stepped_up_at timestamptz;
    `);
    await this.moveRoles(db);
    await db.query('ALTER TABLE users DROP COLUMN roles');
  }

  /** What was the administrator of everything has the top of the tree; a lecturer their own organisation. */
  private async moveRoles(db: QueryRunner): Promise<void> {
    const people = (await db.query(`
      WITH RECURSIVE above AS (
        SELECT id, parent_id, id AS below FROM org_units
        UNION ALL SELECT o.id, o.parent_id, above.below FROM org_units o JOIN above ON o.id = above.parent_id
      )
      SELECT u.id, u.roles, u.org_unit_id AS home, above.id AS top
      FROM users u JOIN above ON above.below = u.org_unit_id AND above.parent_id IS NULL
      WHERE u.roles && '{lecturer,admin}'`)) as OldRoles[];
    for (const { id, roles, home, top } of people) {
      if (roles.includes('lecturer')) await insert(db, id, 'lecturer', home);
      if (roles.includes('admin')) await insert(db, id, 'platform-administrator', top);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE users ADD COLUMN roles text[] NOT NULL DEFAULT '{resident}';
      UPDATE users u SET roles = ARRAY(SELECT CASE role WHEN 'platform-administrator' THEN 'admin' ELSE role END
        FROM role_grants g WHERE g.user_id = u.id AND role IN ('lecturer', 'platform-administrator'))
        WHERE EXISTS (SELECT FROM role_grants g WHERE g.user_id = u.id AND role IN ('lecturer', 'platform-administrator'));
      ALTER TABLE users ALTER COLUMN roles DROP DEFAULT;
      ALTER TABLE sessions DROP COLUMN stepped_up_at;
      DROP TABLE role_grants;
    `);
  }
}

const insert = (db: QueryRunner, userId: string, role: string, orgUnitId: string): Promise<unknown> =>
  db.query(
    `INSERT INTO role_grants (id, user_id, role, org_unit_id, valid_from, reason)
     VALUES ($1, $2, $3, $4, now(), 'as before roles had a place')`,
    [newId(RoleGrantId), userId, role, orgUnitId],
  );
