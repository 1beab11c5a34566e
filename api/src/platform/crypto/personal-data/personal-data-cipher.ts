import type { DocumentType } from '@yike/contracts/identity';
import type { UserId } from '@yike/contracts/ids';

/** Where a sealed value belongs. It opens nowhere else: not in another person's row, and not in another field. */
export interface SealContext {
  readonly userId: UserId;
  readonly field: 'number' | 'phone';
}

/** What equality is searched by. */
export type IndexKind = 'phone' | DocumentType;

/** A person's key as it is kept. */
export interface WrappedKey {
  readonly wrappedKey: Buffer;
  readonly masterKeyId: string;
}

/** What was sealed does not open: another key, another place, or it was changed. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Encryption of personal data. Each person has a data key, by which their values are sealed; a master key outside the database wraps it. A
 * set of algorithms is one implementation; every sealed value says by its first byte which one made it.
 */
export abstract class PersonalDataCipher {
  abstract readonly algorithm: string;
  /** Of the master key that wraps new keys. */
  abstract readonly currentMasterKeyId: string;

  abstract newDataKey(): Buffer;
  abstract wrap(dataKey: Buffer, userId: UserId): WrappedKey;
  /** @throws SealBroken where the master key is not there, or the key belongs to another */
  abstract unwrap(wrapped: WrappedKey, userId: UserId): Buffer;
  abstract seal(dataKey: Buffer, plain: string, context: SealContext): Buffer;
  /** @throws SealBroken */
  abstract open(dataKey: Buffer, sealed: Buffer, context: SealContext): string;
  /** The same for the same value, and without the key not to be guessed from it: for unique indexes and search. */
  abstract index(kind: IndexKind, normalised: string): Buffer;
}
