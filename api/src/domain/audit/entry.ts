import { type Canonical, canonicalJson } from '../canonical-json.ts';
import { maskText } from '../identity/mask-text.ts';

/** What was done, by whom, on what, why and from where. */
export interface AuditFacts {
  /** Counts the entries of the log from 1. */
  readonly seq: number;
  readonly id: string;
  readonly atMs: number;
  /** Null: the house itself. */
  readonly actorId: string | null;
  /** The role that allowed it; null where none was needed. */
  readonly actingAs: string | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  /** Null: of the whole house. */
  readonly orgUnitId: string | null;
  /** Where that stood then. */
  readonly orgPath: string | null;
  readonly before: Canonical;
  readonly after: Canonical;
  readonly reason: string | null;
  readonly requestId: string | null;
  /** The network that it came from, never the very address. */
  readonly origin: string | null;
}

/** An entry that names the one before by its hash, so that none can be changed, put in or taken out unseen. */
export interface AuditEntry extends AuditFacts {
  readonly previousHash: string;
  readonly hash: string;
}

/** The entry that the next one follows. */
export type AuditHead = Pick<AuditEntry, 'seq' | 'hash'>;

/** SHA-256 of a text's UTF-8, in hex; given by the shell. */
export type HashText = (text: string) => string;

/** Before the first entry. */
export const NO_ENTRY: AuditHead = { seq: 0, hash: '0'.repeat(64) };

/** Binds the entry to everything before it. */
export function hashOf(facts: AuditFacts, previousHash: string, hash: HashText): string {
  const { seq, id, atMs, actorId, actingAs, action, subjectKind, subjectId } = facts;
  const { orgUnitId, orgPath, before, after, reason, requestId, origin } = facts;
  return hash(
    canonicalJson({
      ...{ previousHash, seq, id, atMs, actorId, actingAs, action, subjectKind, subjectId },
      ...{ orgUnitId, orgPath, before, after, reason, requestId, origin },
    }),
  );
}

/** The entry that comes after `head`. */
export function chain(facts: Omit<AuditFacts, 'seq'>, head: AuditHead, hash: HashText): AuditEntry {
  const next = { ...facts, seq: head.seq + 1 };
  return { ...next, previousHash: head.hash, hash: hashOf(next, head.hash, hash) };
}

/** What an act may say of its thing: plain values of any depth. */
export type Sayable =
  | string
  | number
  | boolean
  | null
  | undefined
  | Date
  | readonly Sayable[]
  | { readonly [key: string]: Sayable };

/**
 * As it may stand in the log: phones and ID numbers are hidden wherever they are, times are texts, fractions too, and what is undefined is
 * left out.
 */
export function masked(value: Sayable): Canonical {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'string') return maskText(value.replaceAll('\u0000', ''));
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  if (value instanceof Date) return value.toISOString();
  if (isList(value)) return value.map(masked);
  const said = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(said.map(([key, each]) => [key, masked(each)]));
}

// Array.isArray does not narrow readonly arrays.
const isList = (value: object): value is readonly Sayable[] => Array.isArray(value);
