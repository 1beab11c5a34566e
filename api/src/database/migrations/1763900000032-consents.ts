import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Consents1763900000032 implements MigrationInterface {
  name = 'Consents1763900000032';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE consents (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        text text NOT NULL,
        version text NOT NULL,
        given_by uuid NOT NULL REFERENCES users,
        given_at timestamptz NOT NULL,
        PRIMARY KEY (user_id, text, version)
      );
      GRANT SELECT, INSERT, DELETE ON consents TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE consents');
  }
}
