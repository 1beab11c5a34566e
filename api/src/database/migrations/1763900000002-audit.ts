import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log refuses to be changed: the API's role lacks the right, and a trigger stops everyone else. */
export class Audit1763900000002 implements MigrationInterface {
  name = 'Audit1763900000002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE audit_entries (
        seq int8 PRIMARY KEY CHECK (seq > 0),
        id uuid NOT NULL UNIQUE,
        at_ms int8 NOT NULL,
        actor_id uuid,
        acting_as text,
        action text NOT NULL,
        subject_kind text NOT NULL,
        subject_id uuid,
        org_unit_id uuid,
        org_path text,
        before jsonb NOT NULL,
        after jsonb NOT NULL,
        reason text,
        request_id text,
        origin text,
        previous_hash text NOT NULL,
        hash text NOT NULL
      );
      CREATE INDEX audit_entries_org_unit ON audit_entries (org_unit_id, seq);
      CREATE INDEX audit_entries_actor ON audit_entries (actor_id, seq);
      CREATE INDEX audit_entries_subject ON audit_entries (subject_id, seq);
      CREATE INDEX audit_entries_action ON audit_entries (action, seq);
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'the audit log only grows: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
        END $$;
      CREATE TRIGGER audit_entries_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
      GRANT SELECT, INSERT ON audit_entries TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE audit_entries; DROP FUNCTION refuse_audit_change');
  }
}
