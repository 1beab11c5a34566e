import { Injectable } from '@nestjs/common';
import { KeptAfterDeletion, type OwnData } from '@yike/contracts/http/privacy';
import type { UserId } from '@yike/contracts/ids';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { type MaskedPerson, PersonalDataService } from '../people/personal-data.service.ts';
import { OwnRecordsRepository } from './own-records.repository.ts';

/** What a person sees of their own data without further ado. */
@Injectable()
export class OwnDataService {
  constructor(
    private readonly people: PersonalDataService,
    private readonly records: OwnRecordsRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async of(userId: UserId): Promise<OwnData> {
    const tx = this.unitOfWork.reader;
    const [people, home, consents] = await Promise.all([
      this.people.masked([userId], tx),
      this.records.homeOf(userId, tx),
      this.records.consentsOf(userId, tx),
    ]);
    const person = people.get(userId);
    return {
      person: person === undefined ? null : shownPerson(person),
      home,
      consents: consents.map(({ givenAt, ...consent }) => ({ ...consent, givenAt: givenAt.toISOString() })),
      keptAfterDeletion: [...KeptAfterDeletion.options],
    };
  }
}

const shownPerson = ({
  name,
  phone,
  documentType,
  number,
  groups,
  verifiedAt,
}: MaskedPerson): OwnData['person'] => ({
  ...{ name, phone, documentType, number },
  groups: [...groups],
  verifiedAt: verifiedAt?.toISOString() ?? null,
});
