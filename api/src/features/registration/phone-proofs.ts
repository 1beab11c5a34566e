import { Inject, Injectable } from '@nestjs/common';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import type { ApiConfig } from '../../config.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { Clock } from '../../platform/clock.ts';
import { deriveKey } from '../../platform/crypto/secrets.ts';
import { CONFIG } from '../../platform/tokens.ts';

/** Long enough for somebody who looks for their glasses and their identity card. */
export const PROOF_VALID_SECONDS = 45 * 60;
const ISSUER = 'yike/phone-proof';

/** The proof is too old, or none of ours: the phone must be proven again. */
export class PhoneProofSpent extends DomainError {
  readonly code = 'phone-proof-spent';
}

/** Says that whoever carries it had this phone in hand; encrypted, so that no history and no log can hold the number. */
@Injectable()
export class PhoneProofs {
  private readonly key: Buffer;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    private readonly clock: Clock,
  ) {
    this.key = deriveKey(config.APP_SECRET, ISSUER);
  }

  issue(phone: string): Promise<string> {
    const nowS = Math.floor(this.clock.nowMs() / 1000);
    return new EncryptJWT({ phone })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setIssuer(ISSUER)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + PROOF_VALID_SECONDS)
      .encrypt(this.key);
  }

  /** The phone that was proven. @throws PhoneProofSpent */
  async open(proof: string): Promise<string> {
    const options = { issuer: ISSUER, currentDate: this.clock.now(), keyManagementAlgorithms: ['dir'] };
    try {
      const { payload } = await jwtDecrypt<{ phone: string }>(proof, this.key, options);
      return payload.phone;
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError)) throw cause;
      throw new PhoneProofSpent('the phone must be proven again', { cause });
    }
  }
}
