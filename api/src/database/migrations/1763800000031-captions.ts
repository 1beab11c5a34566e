import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Captions1763800000031 implements MigrationInterface {
  name = 'Captions1763800000031';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE captions (
        timeline_id uuid NOT NULL REFERENCES timelines,
        language text NOT NULL,
        object_key text NOT NULL,
        PRIMARY KEY (timeline_id, language)
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON captions TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE captions');
  }
}
