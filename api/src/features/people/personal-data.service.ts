import { Injectable } from '@nestjs/common';
import type { ResidentGroup } from '@yike/contracts/http/registration';
import type { UserId } from '@yike/contracts/ids';
import type { DocumentType } from '@yike/contracts/identity';
import { maskName } from '../../domain/certificates.ts';
import { NotFound } from '../../domain/domain-error.ts';
import { DOCUMENTS } from '../../domain/identity/documents.ts';
import { maskPhone } from '../../domain/identity/phone.ts';
import { DocumentTaken, PhoneTaken } from '../../domain/identity/taken.ts';
import { PersonalDataCipher } from '../../platform/crypto/personal-data/personal-data-cipher.ts';
import { violatedIndex } from '../../platform/database/database-errors.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { erasePeople } from './erase-people.ts';
import { PeopleRepository, type SealedPerson } from './people.repository.ts';
import {
  openPerson,
  type Person,
  type PersonalDocument,
  sealDocument,
  type SealedField,
  sealPerson,
  sealPhone,
} from './sealing.ts';

/** Majority, in years. */
const OF_AGE = 18;

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
    const { row, key } = sealPerson(userId, person, this.cipher);
    await refusingTaken(() => this.people.insert(row, key, tx));
  }

  /** @throws PhoneTaken: the transaction is lost then */
  async changePhone(userId: UserId, phone: string, tx: Tx): Promise<void> {
    const keeper = { userId, dataKey: await this.dataKeyOf(userId, tx) };
    await refusingTaken(() => this.people.change(userId, sealPhone(phone, keeper, this.cipher), tx));
  }

  /** @throws DocumentTaken: the transaction is lost then */
  async changeDocument(userId: UserId, document: PersonalDocument, tx: Tx): Promise<void> {
    const keeper = { userId, dataKey: await this.dataKeyOf(userId, tx) };
    await refusingTaken(() => this.people.change(userId, sealDocument(document, keeper, this.cipher), tx));
  }

  /** The whole value: for its owner, or for an audited act. Null where there is none, or its key was destroyed. */
  async reveal(userId: UserId, field: SealedField, tx: Tx = this.unitOfWork.reader): Promise<string | null> {
    const [person] = await this.people.byIds([userId], tx);
    return person === undefined ? null : openPerson(person, this.cipher)[field];
  }

  /** All that is kept of somebody, whole. Null where nothing is. */
  async whole(userId: UserId, tx: Tx = this.unitOfWork.reader): Promise<Person | null> {
    const [person] = await this.people.byIds([userId], tx);
    if (person === undefined) return null;
    const { name, documentType, groups, guardianId, verifiedAt } = person.row;
    const { phone, number } = openPerson(person, this.cipher);
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

  /** How many were registered under this guardian who may still be minors. */
  countMinorsOf(guardianId: UserId, now: Date, tx: Tx = this.unitOfWork.reader): Promise<number> {
    return this.people.countWards(guardianId, now.getUTCFullYear() - OF_AGE, tx);
  }

  /** For good: see {@link erasePeople}. */
  erase(userId: UserId, at: Date, tx: Tx): Promise<void> {
    return erasePeople([userId], at, (sql, values) => tx.query(sql, values));
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
    const { phone, number } = openPerson(person, this.cipher);
    return {
      ...{ userId, documentType, birthYear, groups, guardianId, verifiedAt },
      name: maskName(name),
      phone: phone && maskPhone(phone),
      number: number && documentType && DOCUMENTS[documentType].mask(number),
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
