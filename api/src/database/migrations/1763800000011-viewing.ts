import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Moments are unix milliseconds, as the rules count them and as `int8range` holds them. */
export class Viewing1763800000011 implements MigrationInterface {
  name = 'Viewing1763800000011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE playbacks (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users,
        lineage_id uuid NOT NULL REFERENCES timelines,
        mode text NOT NULL CHECK (mode IN ('webrtc', 'hls-live', 'hls')),
        unit_id uuid REFERENCES units,
        course_id uuid REFERENCES courses,
        broadcast_id uuid REFERENCES broadcasts,
        title text NOT NULL,
        cut int8multirange,
        token_hash bytea,
        opened_at_ms int8 NOT NULL,
        closed_at_ms int8 CHECK (closed_at_ms >= opened_at_ms),
        heard_at_ms int8 NOT NULL,
        position_ms int4 NOT NULL DEFAULT 0,
        settled_to_ms int8 NOT NULL,
        judged_at_ms int8 NOT NULL,
        is_settled boolean NOT NULL DEFAULT false
      );
      CREATE UNIQUE INDEX playbacks_token ON playbacks (token_hash);
      CREATE INDEX playbacks_user ON playbacks (user_id, id);
      CREATE INDEX playbacks_lineage ON playbacks (lineage_id);
      CREATE INDEX playbacks_unsettled ON playbacks (judged_at_ms) WHERE NOT is_settled;

      CREATE TABLE leases (
        user_id uuid PRIMARY KEY REFERENCES users,
        playback_id uuid REFERENCES playbacks,
        since_ms int8,
        last_end_ms int8 NOT NULL DEFAULT 0,
        judged_to_ms int8 NOT NULL DEFAULT 0,
        CHECK ((playback_id IS NULL) = (since_ms IS NULL))
      );
      CREATE TABLE lease_tenures (
        playback_id uuid NOT NULL REFERENCES playbacks,
        from_ms int8 NOT NULL,
        to_ms int8 CHECK (to_ms >= from_ms),
        PRIMARY KEY (playback_id, from_ms)
      );

      CREATE TABLE beats (
        playback_id uuid NOT NULL REFERENCES playbacks,
        seq int4 NOT NULL,
        arrived_at_ms int8 NOT NULL,
        clock_to_ms int8 NOT NULL,
        spans jsonb NOT NULL,
        PRIMARY KEY (playback_id, seq)
      );
      CREATE TABLE segment_evidence (
        playback_id uuid NOT NULL REFERENCES playbacks,
        segment text NOT NULL,
        start_ms int4 NOT NULL,
        end_ms int4 NOT NULL,
        requested_at_ms int8,
        is_proven boolean NOT NULL DEFAULT false,
        PRIMARY KEY (playback_id, segment)
      );
      CREATE TABLE request_paces (
        playback_id uuid PRIMARY KEY REFERENCES playbacks,
        requested int8multirange NOT NULL,
        run_from_ms int8 NOT NULL,
        run_last_ms int8 NOT NULL,
        run_is_void boolean NOT NULL
      );
      CREATE TABLE deliveries (
        playback_id uuid PRIMARY KEY REFERENCES playbacks,
        windows int8multirange NOT NULL,
        bytes int8 NOT NULL
      );

      CREATE TABLE coverages (
        user_id uuid NOT NULL REFERENCES users,
        lineage_id uuid NOT NULL REFERENCES timelines,
        media int8multirange NOT NULL,
        clock int8multirange NOT NULL,
        needs_evaluation boolean NOT NULL DEFAULT true,
        PRIMARY KEY (user_id, lineage_id)
      );
      CREATE INDEX coverages_lineage ON coverages (lineage_id);
      CREATE INDEX coverages_to_evaluate ON coverages (user_id, lineage_id) WHERE needs_evaluation;

      CREATE TABLE verdicts (
        playback_id uuid NOT NULL REFERENCES playbacks,
        clock int8range NOT NULL CHECK (NOT isempty(clock)),
        media int8range,
        reason text NOT NULL,
        PRIMARY KEY (playback_id, clock)
      );

      GRANT SELECT, INSERT, UPDATE, DELETE ON playbacks, leases, lease_tenures, beats, segment_evidence, request_paces,
        deliveries, coverages, verdicts TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE verdicts, coverages, deliveries, request_paces, segment_evidence, beats, lease_tenures, leases, playbacks
    `);
  }
}
