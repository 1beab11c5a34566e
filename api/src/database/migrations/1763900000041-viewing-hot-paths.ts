import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The rows that each beat writes, so that it finds them by their moment and changes them in place: no column that a beat changes is in an
 * index, and half of each page is free for the next version.
 */
export class ViewingHotPaths1763900000041 implements MigrationInterface {
  name = 'ViewingHotPaths1763900000041';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE playbacks SET (fillfactor = 50);
      DROP INDEX playbacks_unsettled;
      CREATE INDEX playbacks_unsettled ON playbacks (user_id) WHERE NOT is_settled;
      ALTER TABLE coverages SET (fillfactor = 50);
      ALTER TABLE leases DROP COLUMN judged_to_ms;

      ALTER TABLE beats DROP CONSTRAINT beats_playback_id_fkey, DROP CONSTRAINT beats_pkey;
      ALTER TABLE beats ADD PRIMARY KEY (playback_id, clock_to_ms, seq);

      ALTER TABLE segment_evidence SET (fillfactor = 60);
      ALTER TABLE segment_evidence DROP CONSTRAINT segment_evidence_playback_id_fkey, DROP CONSTRAINT segment_evidence_pkey;
      ALTER TABLE segment_evidence ADD PRIMARY KEY (playback_id, start_ms, segment);

      ALTER TABLE verdicts DROP CONSTRAINT verdicts_playback_id_fkey, DROP CONSTRAINT verdicts_pkey;
      CREATE UNIQUE INDEX verdicts_end ON verdicts (playback_id, (upper(clock)));
      CREATE INDEX verdicts_pending ON verdicts (playback_id) WHERE reason = 'pending' AND media IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX verdicts_pending, verdicts_end;
      ALTER TABLE verdicts ADD PRIMARY KEY (playback_id, clock), ADD FOREIGN KEY (playback_id) REFERENCES playbacks;

      ALTER TABLE segment_evidence DROP CONSTRAINT segment_evidence_pkey;
      ALTER TABLE segment_evidence ADD PRIMARY KEY (playback_id, segment), ADD FOREIGN KEY (playback_id) REFERENCES playbacks;
      ALTER TABLE segment_evidence RESET (fillfactor);

      ALTER TABLE beats DROP CONSTRAINT beats_pkey;
      ALTER TABLE beats ADD PRIMARY KEY (playback_id, seq), ADD FOREIGN KEY (playback_id) REFERENCES playbacks;

      ALTER TABLE leases ADD COLUMN judged_to_ms int8 NOT NULL DEFAULT 0;
      ALTER TABLE coverages RESET (fillfactor);
      DROP INDEX playbacks_unsettled;
      CREATE INDEX playbacks_unsettled ON playbacks (judged_at_ms) WHERE NOT is_settled;
      ALTER TABLE playbacks RESET (fillfactor);
    `);
  }
}
