import { LedgerAsset } from '@yike/contracts/http/bank';
import { AccountId, newId } from '@yike/contracts/ids';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The issuer's side of every entry, in so many accounts: thousands complete in one second. */
const ISSUER_SHARDS = 16;

/** The ledger refuses to be changed twice: the API's role lacks the right, and a trigger stops everyone else. */
export class Bank1763800000012 implements MigrationInterface {
  name = 'Bank1763800000012';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE credit_policies (
        version int4 PRIMARY KEY,
        effective_from timestamptz NOT NULL,
        seconds_per_class_hour int4 NOT NULL CHECK (seconds_per_class_hour > 0),
        class_hours_per_credit int4 NOT NULL CHECK (class_hours_per_credit > 0),
        approver text NOT NULL
      );
      INSERT INTO credit_policies VALUES (1, '2026-01-01T00:00:00+08', 2700, 18, 'initial policy');

      CREATE TABLE completions (
        user_id uuid NOT NULL REFERENCES users,
        unit_id uuid NOT NULL REFERENCES units,
        lineage_id uuid NOT NULL REFERENCES timelines,
        valid_ms int8 NOT NULL,
        required_ms int8 NOT NULL,
        policy_version int4 NOT NULL REFERENCES credit_policies,
        completed_at timestamptz NOT NULL,
        PRIMARY KEY (user_id, unit_id)
      );
      CREATE INDEX completions_lineage ON completions (lineage_id, user_id);

      CREATE TABLE accounts (
        id uuid PRIMARY KEY,
        asset text NOT NULL CHECK (asset IN ('class-time', 'credit')),
        user_id uuid REFERENCES users,
        issuer_shard int2,
        CHECK ((user_id IS NULL) <> (issuer_shard IS NULL))
      );
      CREATE UNIQUE INDEX accounts_user ON accounts (user_id, asset);
      CREATE UNIQUE INDEX accounts_issuer ON accounts (issuer_shard, asset);

      CREATE TABLE ledger_entries (
        id uuid PRIMARY KEY,
        asset text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('accrue', 'reverse', 'adjust', 'redeem', 'transfer-in', 'transfer-out')),
        from_account_id uuid NOT NULL REFERENCES accounts,
        to_account_id uuid NOT NULL REFERENCES accounts,
        amount int8 NOT NULL CHECK (amount > 0),
        booked_at_ms int8 NOT NULL,
        policy_version int4 NOT NULL REFERENCES credit_policies,
        idempotency_key text NOT NULL,
        evidence jsonb NOT NULL,
        CHECK (from_account_id <> to_account_id)
      );
      CREATE UNIQUE INDEX ledger_entries_idempotency ON ledger_entries (idempotency_key);
      CREATE INDEX ledger_entries_lineage ON ledger_entries ((evidence ->> 'lineageId'));

      CREATE TABLE ledger_legs (
        entry_id uuid NOT NULL REFERENCES ledger_entries,
        account_id uuid NOT NULL REFERENCES accounts,
        delta int8 NOT NULL CHECK (delta <> 0),
        position int4,
        balance_after int8,
        prev_hash text,
        hash text,
        PRIMARY KEY (entry_id, account_id),
        CHECK ((position IS NULL) = (hash IS NULL)),
        CHECK ((position IS NULL) = (prev_hash IS NULL)),
        CHECK ((position IS NULL) = (balance_after IS NULL))
      );
      CREATE UNIQUE INDEX ledger_legs_chain ON ledger_legs (account_id, position);

      CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'the ledger only grows: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$;
      CREATE FUNCTION check_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          entry ledger_entries%ROWTYPE;
          legs int;
        BEGIN
          IF TG_TABLE_NAME = 'ledger_legs' THEN
            SELECT * INTO entry FROM ledger_entries WHERE id = NEW.entry_id;
          ELSE
            entry := NEW;
          END IF;
          SELECT count(*) FILTER (WHERE a.asset = entry.asset AND (l.account_id, l.delta) IN
            ((entry.from_account_id, -entry.amount), (entry.to_account_id, entry.amount))) - 2 * abs(count(*) - 2)
            INTO legs FROM ledger_legs l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = entry.id;
          IF legs <> 2 THEN
            RAISE EXCEPTION 'entry % is not balanced', entry.id USING ERRCODE = 'check_violation';
          END IF;
          RETURN NULL;
        END $$;
      CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_entry();
      CREATE CONSTRAINT TRIGGER ledger_legs_balanced AFTER INSERT ON ledger_legs
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_entry();
      CREATE TRIGGER ledger_entries_final BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
      CREATE TRIGGER ledger_legs_final BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_legs
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();

      CREATE TABLE certificates (
        id uuid PRIMARY KEY,
        number text NOT NULL,
        user_id uuid NOT NULL REFERENCES users,
        course_id uuid NOT NULL REFERENCES courses,
        masked_name text NOT NULL,
        course_title text NOT NULL,
        place text,
        seconds int4 NOT NULL,
        issued_at_ms int8 NOT NULL,
        issuer text NOT NULL,
        credential text NOT NULL,
        status text NOT NULL DEFAULT 'valid' CHECK (status IN ('valid', 'replaced', 'revoked'))
      );
      CREATE UNIQUE INDEX certificates_number ON certificates (number);
      CREATE UNIQUE INDEX certificates_once ON certificates (user_id, course_id) WHERE status = 'valid';

      GRANT SELECT, INSERT ON accounts, ledger_entries, ledger_legs, credit_policies TO yike_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON completions, certificates TO yike_app;
    `);
    for (const asset of LedgerAsset.options) {
      for (let shard = 0; shard < ISSUER_SHARDS; shard += 1) {
        const account = [newId(AccountId), asset, shard];
        await db.query('INSERT INTO accounts (id, asset, issuer_shard) VALUES ($1, $2, $3)', account);
      }
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE certificates, ledger_legs, ledger_entries, accounts, completions, credit_policies;
      DROP FUNCTION refuse_ledger_change, check_ledger_entry;
    `);
  }
}
