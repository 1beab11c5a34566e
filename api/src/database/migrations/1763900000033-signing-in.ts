import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Residents sign in by their phone: a name to sign in with and a password are no longer everybody's. */
export class SigningIn1763900000033 implements MigrationInterface {
  name = 'SigningIn1763900000033';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE users ALTER COLUMN username DROP NOT NULL, ALTER COLUMN password_hash DROP NOT NULL;
      ALTER TABLE sessions ADD COLUMN label text NOT NULL DEFAULT '';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE sessions DROP COLUMN label;
      ALTER TABLE users ALTER COLUMN username SET NOT NULL, ALTER COLUMN password_hash SET NOT NULL;
    `);
  }
}
