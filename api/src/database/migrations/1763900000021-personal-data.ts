import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PersonalData1763900000021 implements MigrationInterface {
  name = 'PersonalData1763900000021';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE users ADD COLUMN deleted_at timestamptz;

      CREATE TABLE person_keys (
        user_id uuid PRIMARY KEY REFERENCES users,
        wrapped_key bytea NOT NULL,
        master_key_id text NOT NULL
      );

      CREATE TABLE real_names (
        user_id uuid PRIMARY KEY REFERENCES users,
        name text NOT NULL,
        document_type text,
        number_cipher bytea,
        number_hmac bytea,
        phone_cipher bytea,
        phone_hmac bytea,
        birth_year smallint,
        groups text[] NOT NULL DEFAULT '{}',
        guardian_id uuid REFERENCES users,
        verified_at timestamptz,
        CONSTRAINT real_names_whole_number CHECK (num_nulls(document_type, number_cipher, number_hmac) IN (0, 3)),
        CONSTRAINT real_names_whole_phone CHECK (num_nulls(phone_cipher, phone_hmac) IN (0, 2))
      );
      CREATE UNIQUE INDEX real_names_phone ON real_names (phone_hmac);
      CREATE UNIQUE INDEX real_names_number ON real_names (number_hmac);
      CREATE INDEX real_names_name ON real_names (name text_pattern_ops);
      CREATE INDEX real_names_guardian ON real_names (guardian_id) WHERE guardian_id IS NOT NULL;

      GRANT SELECT, INSERT, UPDATE, DELETE ON person_keys, real_names TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE real_names, person_keys; ALTER TABLE users DROP COLUMN deleted_at');
  }
}
