import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gives the organisations their levels and paths. Those that are there already stood in no level: counted from the top they are a district, a
 * sub-district and a community, or one level higher each where a tree is four deep.
 */
export class OrganisationTree1763900000011 implements MigrationInterface {
  name = 'OrganisationTree1763900000011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE org_units
        ADD COLUMN level text,
        ADD COLUMN path text COLLATE "C",
        ADD COLUMN institution_name text,
        ADD COLUMN population int4,
        ADD COLUMN code text,
        ADD COLUMN merged_into_id uuid REFERENCES org_units,
        ADD COLUMN closed_at timestamptz,
        ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();

      WITH RECURSIVE labels AS (
        SELECT id, parent_id, lpad(row_number() OVER (ORDER BY id)::text, 5, '0') AS label FROM org_units
      ), tree AS (
        SELECT id, label AS path, 1 AS depth FROM labels WHERE parent_id IS NULL
        UNION ALL
        SELECT labels.id, tree.path || labels.label, tree.depth + 1 FROM labels JOIN tree ON tree.id = labels.parent_id
      ), deepest AS (
        SELECT CASE WHEN max(depth) > 3 THEN 0 ELSE 1 END AS skipped FROM tree
      )
      UPDATE org_units SET path = tree.path,
        level = (ARRAY['city', 'district', 'sub-district', 'community'])[least(tree.depth + deepest.skipped, 4)]
      FROM tree, deepest WHERE tree.id = org_units.id;

      ALTER TABLE org_units
        ALTER COLUMN level SET NOT NULL,
        ALTER COLUMN path SET NOT NULL,
        ADD CONSTRAINT org_units_level CHECK (level IN ('city', 'district', 'sub-district', 'community')),
        ADD CONSTRAINT org_units_place CHECK (path ~ '^([0-9a-z]{5})+$' AND (parent_id IS NULL) = (length(path) = 5)),
        ADD CONSTRAINT org_units_population CHECK (population >= 0),
        ADD CONSTRAINT org_units_merged CHECK (merged_into_id IS NULL OR closed_at IS NOT NULL);
      CREATE UNIQUE INDEX org_units_path ON org_units (path);
      CREATE UNIQUE INDEX org_units_code ON org_units (code);
      CREATE INDEX org_units_parent ON org_units (parent_id);

      CREATE TABLE org_unit_changes (
        id uuid PRIMARY KEY,
        org_unit_id uuid NOT NULL REFERENCES org_units,
        kind text NOT NULL,
        before jsonb NOT NULL,
        after jsonb NOT NULL,
        actor_id uuid REFERENCES users,
        at timestamptz NOT NULL
      );
      CREATE INDEX org_unit_changes_unit ON org_unit_changes (org_unit_id, at);
      GRANT SELECT, INSERT ON org_unit_changes TO yike_app;

      CREATE TABLE departments (
        id uuid PRIMARY KEY,
        org_unit_id uuid NOT NULL REFERENCES org_units,
        name text NOT NULL,
        code text
      );
      CREATE UNIQUE INDEX departments_name ON departments (org_unit_id, name);
      GRANT SELECT, INSERT, UPDATE, DELETE ON departments TO yike_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE departments, org_unit_changes;
      ALTER TABLE org_units DROP COLUMN level, DROP COLUMN path, DROP COLUMN institution_name, DROP COLUMN population,
        DROP COLUMN code, DROP COLUMN merged_into_id, DROP COLUMN closed_at, DROP COLUMN created_at;
    `);
  }
}
