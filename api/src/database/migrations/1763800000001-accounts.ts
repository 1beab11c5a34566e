import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Accounts1763800000001 implements MigrationInterface {
  name = 'Accounts1763800000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE org_units (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        parent_id uuid REFERENCES org_units
      );
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        username text NOT NULL,
        password_hash text NOT NULL,
        display_name text NOT NULL,
        roles text[] NOT NULL,
        locale text NOT NULL,
        elder_mode boolean NOT NULL DEFAULT false,
        org_unit_id uuid NOT NULL REFERENCES org_units,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX users_username ON users (username);
      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        token_hash bytea NOT NULL,
        rotated_at timestamptz NOT NULL,
        previous_token_hash bytea,
        previous_valid_until timestamptz,
        expires_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
      CREATE UNIQUE INDEX sessions_previous_token_hash ON sessions (previous_token_hash);
      CREATE INDEX sessions_user ON sessions (user_id);
      GRANT SELECT, INSERT, UPDATE, DELETE ON org_units, users, sessions TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE sessions, users, org_units');
  }
}
