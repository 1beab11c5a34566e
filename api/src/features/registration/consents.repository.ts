import { Injectable } from '@nestjs/common';
import type { Consent } from '@yike/contracts/http/registration';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { ConsentEntity } from './consent.entity.ts';

@Injectable()
export class ConsentsRepository {
  async add(
    consents: readonly Consent[],
    who: Pick<ConsentEntity, 'userId' | 'givenBy' | 'givenAt'>,
    tx: Tx,
  ): Promise<void> {
    await tx.insert(
      ConsentEntity,
      consents.map((consent) => ({ ...consent, ...who })),
    );
  }
}
