import { Injectable } from '@nestjs/common';
import type { ResidentGroup } from '@yike/contracts/http/registration';
import type { UserId } from '@yike/contracts/ids';
import type { DocumentType } from '@yike/contracts/identity';
import { maskName } from '../../domain/certificates.ts';
import { NotFound } from '../../domain/domain-error.ts';
import { DOCUMENTS } from '../../domain/identity/documents.ts';
import { maskPhone } from '../../domain/identity/phone.ts';
import { DocumentTaken, PhoneTaken } from '../../domain/identity/taken.ts';
import {
  PersonalDataCipher,
  type SealContext,
} from '../../platform/crypto/personal-data/personal-data-cipher.ts';
import { violatedIndex } from '../../platform/database/database-errors.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { PeopleRepository, type SealedPerson } from './people.repository.ts';
import type { RealNameRow } from './real-name.entity.ts';

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

/** A person as others may see them. */
export interface MaskedPerson {
  readonly userId: UserId;
  readonly name: string;
  readonly phone: string | null;
  readonly documentType: DocumentType | null;
  readonly number: string | null;
  readonly birthYear: number | null;
  readonly groups: readonly ResidentGroup[];
  readonly guardianId: UserId | null;
  readonly verifiedAt: Date | null;
}

type Field = SealContext['field'];

/** The only code that seals and opens what identifies a person. */
@Injectable()
export class PersonalDataService {
  constructor(
    private readonly people: PeopleRepository,
    private readonly cipher: PersonalDataCipher,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Keeps who a new user is, under a key of their own. Of several at once with the same phone or document one succeeds.
   * @throws PhoneTaken, DocumentTaken: the transaction is lost then
   */
  async register(userId: UserId, person: Person, tx: Tx): Promise<void> {
    const dataKey = this.cipher.newDataKey();
    const row = {
      userId,
      name: person.name,
      ...this.sealedPhone(userId, person.phone, dataKey),
      ...this.sealedDocument(userId, person.document, dataKey),
      groups: [...person.groups],
      guardianId: person.guardianId,
      verifiedAt: person.verifiedAt,
    };
    const key = { userId, ...this.cipher.wrap(dataKey, userId) };
    await refusingTaken(() => this.people.insert(row, key, tx));
  }

  /** @throws PhoneTaken: the transaction is lost then */
  async changePhone(userId: UserId, phone: string, tx: Tx): Promise<void> {
    const dataKey = await this.dataKeyOf(userId, tx);
    await refusingTaken(() => this.people.change(userId, this.sealedPhone(userId, phone, dataKey), tx));
  }

  /** @throws DocumentTaken: the transaction is lost then */
  async changeDocument(userId: UserId, document: PersonalDocument, tx: Tx): Promise<void> {
    const dataKey = await this.dataKeyOf(userId, tx);
    await refusingTaken(() => this.people.change(userId, this.sealedDocument(userId, document, dataKey), tx));
  }

  /** The whole value: for its owner, or for an audited act. Null where there is none, or its key was destroyed. */
  async reveal(userId: UserId, field: Field, tx: Tx = this.unitOfWork.reader): Promise<string | null> {
    const [person] = await this.people.byIds([userId], tx);
    return person === undefined ? null : this.opened(person)[field];
  }

  /** All that is kept of somebody, whole. Null where nothing is. */
  async whole(userId: UserId, tx: Tx = this.unitOfWork.reader): Promise<Person | null> {
    const [person] = await this.people.byIds([userId], tx);
    if (person === undefined) return null;
    const { name, documentType, groups, guardianId, verifiedAt } = person.row;
    const { phone, number } = this.opened(person);
    const document = documentType === null || number === null ? null : { type: documentType, number };
    return { name, phone, document, groups, guardianId, verifiedAt };
  }

  /** Whose phone this is. @param phone as `readPhone` gave it */
  findByPhone(phone: string, tx: Tx = this.unitOfWork.reader): Promise<UserId | null> {
    return this.people.idByHmac({ phoneHmac: this.cipher.index('phone', phone) }, tx);
  }

  /** Whose document this is. */
  findByNumber({ type, number }: PersonalDocument, tx: Tx = this.unitOfWork.reader): Promise<UserId | null> {
    return this.people.idByHmac({ numberHmac: this.cipher.index(type, number) }, tx);
  }

  /** As lists show them; who has no real name is not among them. */
  async masked(
    userIds: readonly UserId[],
    tx: Tx = this.unitOfWork.reader,
  ): Promise<Map<UserId, MaskedPerson>> {
    const people = await this.people.byIds(userIds, tx);
    return new Map(people.map((person) => [person.row.userId, this.maskedOf(person)]));
  }

  private maskedOf(person: SealedPerson): MaskedPerson {
    const { userId, name, documentType, birthYear, groups, guardianId, verifiedAt } = person.row;
    const { phone, number } = this.opened(person);
    return {
      ...{ userId, documentType, birthYear, groups, guardianId, verifiedAt },
      name: maskName(name),
      phone: phone && maskPhone(phone),
      number: number && documentType && DOCUMENTS[documentType].mask(number),
    };
  }

  private opened({ row, key }: SealedPerson): Record<Field, string | null> {
    if (key === null) return { phone: null, number: null };
    const { userId, phoneCipher, numberCipher } = row;
    const dataKey = this.cipher.unwrap(key, userId);
    const open = (sealed: Buffer | null, field: Field): string | null =>
      sealed && this.cipher.open(dataKey, sealed, { userId, field });
    return { phone: open(phoneCipher, 'phone'), number: open(numberCipher, 'number') };
  }

  private sealedPhone(
    userId: UserId,
    phone: string | null,
    dataKey: Buffer,
  ): Pick<RealNameRow, 'phoneCipher' | 'phoneHmac'> {
    if (phone === null) return { phoneCipher: null, phoneHmac: null };
    return {
      phoneCipher: this.cipher.seal(dataKey, phone, { userId, field: 'phone' }),
      phoneHmac: this.cipher.index('phone', phone),
    };
  }

  private sealedDocument(
    userId: UserId,
    document: PersonalDocument | null,
    dataKey: Buffer,
  ): Pick<RealNameRow, 'documentType' | 'numberCipher' | 'numberHmac' | 'birthYear'> {
    if (document === null)
      return { documentType: null, numberCipher: null, numberHmac: null, birthYear: null };
    const { type, number } = document;
    const birth = DOCUMENTS[type].birthDate(number);
    return {
      documentType: type,
      numberCipher: this.cipher.seal(dataKey, number, { userId, field: 'number' }),
      numberHmac: this.cipher.index(type, number),
      birthYear: birth === null ? null : Number(birth.slice(0, 4)),
    };
  }

  /** A rotation must not give the person another key between reading this one and writing with it. */
  private async dataKeyOf(userId: UserId, tx: Tx): Promise<Buffer> {
    const key = await this.people.lockKey(userId, tx);
    if (key === null) throw new NotFound('nothing is kept of this person');
    return this.cipher.unwrap(key, userId);
  }
}

async function refusingTaken(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    const index = violatedIndex(cause);
    if (index === 'real_names_phone') throw new PhoneTaken('this phone is registered', { cause });
    if (index === 'real_names_number') throw new DocumentTaken('this document is registered', { cause });
    throw cause;
  }
}
