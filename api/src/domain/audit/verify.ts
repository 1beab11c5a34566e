import { type AuditEntry, type AuditHead, type HashText, hashOf, NO_ENTRY } from './entry.ts';

/** `gap`: an entry is missing before it; `cut`: it does not follow the one before; `changed`: it is not what was written. */
export type AuditFault = 'gap' | 'cut' | 'changed';

export type ChainCheck =
  | { readonly intact: true; readonly entries: number; readonly head: AuditHead }
  | {
      readonly intact: false;
      /** Of the first entry that is wrong. */
      readonly seq: number;
      readonly fault: AuditFault;
    };

/** Follows the log from its first entry on, and stops at the first that is wrong. */
export async function verifyChain(
  entries: Iterable<AuditEntry> | AsyncIterable<AuditEntry>,
  hash: HashText,
): Promise<ChainCheck> {
  let head = NO_ENTRY;
  for await (const entry of entries) {
    const fault = faultOf(entry, head, hash);
    if (fault !== null) return { intact: false, seq: entry.seq, fault };
    head = entry;
  }
  return { intact: true, entries: head.seq, head: { seq: head.seq, hash: head.hash } };
}

function faultOf(entry: AuditEntry, head: AuditHead, hash: HashText): AuditFault | null {
  if (entry.seq !== head.seq + 1) return 'gap';
  if (entry.previousHash !== head.hash) return 'cut';
  return hashOf(entry, entry.previousHash, hash) === entry.hash ? null : 'changed';
}
