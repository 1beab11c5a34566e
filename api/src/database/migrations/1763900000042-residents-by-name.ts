import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists by name go through an index in the very order of the list; lists of a community find its people by their home. */
export class ResidentsByName1763900000042 implements MigrationInterface {
  name = 'ResidentsByName1763900000042';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX real_names_name;
      ALTER TABLE real_names ALTER COLUMN name TYPE text COLLATE "C";
      CREATE INDEX real_names_name ON real_names (name, user_id);
      CREATE INDEX users_home ON users (org_unit_id, id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX users_home, real_names_name;
      ALTER TABLE real_names ALTER COLUMN name TYPE text COLLATE "default";
      CREATE INDEX real_names_name ON real_names (name);
    `);
  }
}
