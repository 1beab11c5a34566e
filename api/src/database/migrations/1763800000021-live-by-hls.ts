import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Watching live by HLS: its sessions, by what its delivery is known, and proofs of segments that the index does not know yet. */
export class LiveByHls1763800000021 implements MigrationInterface {
  name = 'LiveByHls1763800000021';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE playbacks DROP CONSTRAINT playbacks_mode_check;
      ALTER TABLE playbacks ADD CONSTRAINT playbacks_mode_check
        CHECK (mode IN ('webrtc', 'll-hls', 'hls-live', 'hls'));

      ALTER TABLE deliveries ADD COLUMN by text NOT NULL DEFAULT 'bytes' CHECK (by IN ('bytes', 'reloads'));
      ALTER TABLE deliveries ALTER COLUMN by DROP DEFAULT;
      ALTER TABLE deliveries DROP CONSTRAINT deliveries_pkey;
      ALTER TABLE deliveries ADD PRIMARY KEY (playback_id, by);

      CREATE TABLE early_proofs (
        playback_id uuid NOT NULL REFERENCES playbacks,
        segment text NOT NULL,
        sha256 text NOT NULL,
        PRIMARY KEY (playback_id, segment)
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON early_proofs TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE early_proofs;
      DELETE FROM deliveries WHERE by = 'reloads';
      ALTER TABLE deliveries DROP CONSTRAINT deliveries_pkey;
      ALTER TABLE deliveries DROP COLUMN by;
      ALTER TABLE deliveries ADD PRIMARY KEY (playback_id);
      ALTER TABLE playbacks DROP CONSTRAINT playbacks_mode_check;
      ALTER TABLE playbacks ADD CONSTRAINT playbacks_mode_check CHECK (mode IN ('webrtc', 'hls-live', 'hls'));
    `);
  }
}
