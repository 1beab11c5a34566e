import type { ResidentGroup } from '@yike/contracts/http/registration';
import type { UserId } from '@yike/contracts/ids';
import type { DocumentType } from '@yike/contracts/identity';
import { DOCUMENTS } from '../../domain/identity/documents.ts';
import type {
  PersonalDataCipher,
  SealContext,
} from '../../platform/crypto/personal-data/personal-data-cipher.ts';
import type { PersonKeyRow } from './person-key.entity.ts';
import type { RealNameRow } from './real-name.entity.ts';

export type SealedField = SealContext['field'];

export interface PersonalDocument {
  readonly type: DocumentType;
  /** As `DOCUMENTS[type].read` gave it. */
  readonly number: string;
}

/** What is kept of a person; all values are in their one form (`domain/identity`). */
export interface Person {
  readonly name: string;
  readonly phone: string | null;
  readonly document: PersonalDocument | null;
  readonly groups: readonly ResidentGroup[];
  readonly guardianId: UserId | null;
  readonly verifiedAt: Date | null;
}

/** The values of a person as they are kept, and the key of that person; null where it was destroyed. */
interface SealedValues {
  readonly row: Pick<RealNameRow, 'userId' | 'phoneCipher' | 'numberCipher'>;
  readonly key: Omit<PersonKeyRow, 'userId'> | null;
}

/** Whose values these are, and their key. */
interface Keeper {
  readonly userId: UserId;
  readonly dataKey: Buffer;
}

/** The rows of a new person, under a key of their own. */
export function sealPerson(
  userId: UserId,
  person: Person,
  cipher: PersonalDataCipher,
): { row: RealNameRow; key: PersonKeyRow } {
  const dataKey = cipher.newDataKey();
  const keeper = { userId, dataKey };
  const { name, phone, document, groups, guardianId, verifiedAt } = person;
  const row = {
    ...{ userId, name, groups: [...groups], guardianId, verifiedAt },
    ...sealPhone(phone, keeper, cipher),
    ...sealDocument(document, keeper, cipher),
  };
  return { row, key: { userId, ...cipher.wrap(dataKey, userId) } };
}

export function sealPhone(
  phone: string | null,
  { userId, dataKey }: Keeper,
  cipher: PersonalDataCipher,
): Pick<RealNameRow, 'phoneCipher' | 'phoneHmac'> {
  if (phone === null) return { phoneCipher: null, phoneHmac: null };
  return {
    phoneCipher: cipher.seal(dataKey, phone, { userId, field: 'phone' }),
    phoneHmac: cipher.index('phone', phone),
  };
}

export function sealDocument(
  document: PersonalDocument | null,
  { userId, dataKey }: Keeper,
  cipher: PersonalDataCipher,
): Pick<RealNameRow, 'documentType' | 'numberCipher' | 'numberHmac' | 'birthYear'> {
  if (document === null) return { documentType: null, numberCipher: null, numberHmac: null, birthYear: null };
  const { type, number } = document;
  const birth = DOCUMENTS[type].birthDate(number);
  return {
    documentType: type,
    numberCipher: cipher.seal(dataKey, number, { userId, field: 'number' }),
    numberHmac: cipher.index(type, number),
    birthYear: birth === null ? null : Number(birth.slice(0, 4)),
  };
}

/** The whole values; null where there is none, or where the key was destroyed. @throws SealBroken */
export function openPerson(
  { row, key }: SealedValues,
  cipher: PersonalDataCipher,
): Record<SealedField, string | null> {
  if (key === null) return { phone: null, number: null };
  const { userId, phoneCipher, numberCipher } = row;
  const dataKey = cipher.unwrap(key, userId);
  const open = (sealed: Buffer | null, field: SealedField): string | null =>
    sealed && cipher.open(dataKey, sealed, { userId, field });
  return { phone: open(phoneCipher, 'phone'), number: open(numberCipher, 'number') };
}
