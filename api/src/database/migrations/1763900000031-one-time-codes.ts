import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OneTimeCodes1763900000031 implements MigrationInterface {
  name = 'OneTimeCodes1763900000031';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE one_time_codes (
        recipient bytea PRIMARY KEY,
        purpose text NOT NULL,
        hash bytea NOT NULL,
        tries_left smallint NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_codes TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE one_time_codes');
  }
}
