import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Approvals1763900000003 implements MigrationInterface {
  name = 'Approvals1763900000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE approvals (
        id uuid PRIMARY KEY,
        action text NOT NULL,
        subject jsonb NOT NULL,
        org_unit_id uuid NOT NULL REFERENCES org_units,
        requested_by uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        requested_at timestamptz NOT NULL,
        reason text NOT NULL,
        decision text,
        decided_by uuid REFERENCES users ON DELETE SET NULL,
        decided_at timestamptz,
        CONSTRAINT approvals_decision CHECK (decision IN ('agreed', 'declined')),
        CONSTRAINT approvals_decided CHECK ((decision IS NULL) = (decided_at IS NULL)),
        CONSTRAINT approvals_two_people CHECK (decided_by <> requested_by)
      );
      CREATE INDEX approvals_waiting ON approvals (org_unit_id, id) WHERE decision IS NULL;
      GRANT SELECT, INSERT, UPDATE ON approvals TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE approvals');
  }
}
