import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LecturesAndMedia1763800000002 implements MigrationInterface {
  name = 'LecturesAndMedia1763800000002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE timelines (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        state text NOT NULL,
        zero_at_ms int8,
        recorded int8multirange NOT NULL DEFAULT '{}',
        degraded boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE recorder_epochs (
        timeline_id uuid NOT NULL REFERENCES timelines,
        epoch int4 NOT NULL,
        tracks jsonb NOT NULL,
        manifest_key text,
        manifest_sha256 text,
        PRIMARY KEY (timeline_id, epoch)
      );
      CREATE TABLE segments (
        timeline_id uuid NOT NULL,
        epoch int4 NOT NULL,
        track text NOT NULL,
        seq int4 NOT NULL,
        start_ms int4 NOT NULL,
        duration_ms int4 NOT NULL,
        bytes int4 NOT NULL,
        sha256 bytea NOT NULL,
        object_key text NOT NULL,
        PRIMARY KEY (timeline_id, epoch, track, seq),
        FOREIGN KEY (timeline_id, epoch) REFERENCES recorder_epochs
      );
      CREATE INDEX segments_timeline_start ON segments (timeline_id, start_ms);

      CREATE TABLE lectures (
        id uuid PRIMARY KEY,
        title text NOT NULL,
        summary text NOT NULL,
        topic text NOT NULL,
        starts_at timestamptz NOT NULL,
        planned_minutes int4 NOT NULL,
        gives_certificate boolean NOT NULL,
        lecturer_id uuid NOT NULL REFERENCES users,
        org_unit_id uuid NOT NULL REFERENCES org_units,
        state text NOT NULL DEFAULT 'scheduled',
        broadcast_id uuid,
        live_since timestamptz,
        ending_at timestamptz,
        viewers int4 NOT NULL DEFAULT 0,
        replay_course_id uuid,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX lectures_state_starts ON lectures (state, starts_at, id);
      CREATE INDEX lectures_lecturer ON lectures (lecturer_id, starts_at, id);

      CREATE TABLE broadcasts (
        id uuid PRIMARY KEY,
        lecture_id uuid NOT NULL REFERENCES lectures,
        recording_id uuid NOT NULL REFERENCES timelines,
        state text NOT NULL,
        has_publisher boolean NOT NULL DEFAULT false,
        publisher_since timestamptz NOT NULL,
        planned_end timestamptz NOT NULL,
        live_since timestamptz,
        ending_at timestamptz,
        trim_at timestamptz,
        ended_at timestamptz,
        close_reason text,
        stop_reason text,
        media_node text NOT NULL,
        placement int4 NOT NULL DEFAULT 0,
        viewers int4 NOT NULL DEFAULT 0,
        completed_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX broadcasts_lecture ON broadcasts (lecture_id);
      CREATE UNIQUE INDEX broadcasts_recording ON broadcasts (recording_id);
      CREATE INDEX broadcasts_open ON broadcasts (media_node) WHERE completed_at IS NULL;

      CREATE TABLE media_nodes (
        id text PRIMARY KEY,
        control_url text NOT NULL,
        socket_path text NOT NULL,
        public_origin text,
        state text NOT NULL,
        load float8 NOT NULL,
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL
      );
      CREATE TABLE inbox_events (
        id uuid PRIMARY KEY,
        type text NOT NULL,
        node_id text,
        received_at timestamptz NOT NULL DEFAULT now(),
        refusal text,
        payload jsonb
      );

      CREATE TABLE courses (
        id uuid PRIMARY KEY,
        title text NOT NULL,
        summary text NOT NULL,
        topic text NOT NULL,
        origin text NOT NULL,
        lecture_id uuid REFERENCES lectures,
        lecturer_id uuid REFERENCES users,
        org_unit_id uuid NOT NULL REFERENCES org_units,
        slug text,
        gives_certificate boolean NOT NULL,
        poster_key text,
        duration_ms int4 NOT NULL,
        published_at timestamptz NOT NULL
      );
      CREATE INDEX courses_published ON courses (published_at, id);
      CREATE UNIQUE INDEX courses_lecture ON courses (lecture_id);
      CREATE UNIQUE INDEX courses_slug ON courses (slug);
      CREATE TABLE units (
        id uuid PRIMARY KEY,
        course_id uuid NOT NULL REFERENCES courses,
        position int4 NOT NULL,
        title text NOT NULL,
        lineage_id uuid NOT NULL REFERENCES timelines,
        cut_ranges int8multirange NOT NULL
      );
      CREATE UNIQUE INDEX units_course ON units (course_id, position);
      CREATE INDEX units_lineage ON units (lineage_id);

      GRANT SELECT, INSERT, UPDATE, DELETE ON timelines, recorder_epochs, segments, lectures, broadcasts, media_nodes,
        inbox_events, courses, units TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE units, courses, inbox_events, media_nodes, broadcasts, lectures, segments, recorder_epochs, timelines
    `);
  }
}
