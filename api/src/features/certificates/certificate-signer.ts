import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { calculateJwkThumbprint, CompactSign, compactVerify, exportJWK } from 'jose';
import type { ApiConfig } from '../../config.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { certificateClaims, type CertificateFacts } from '../../domain/certificates.ts';
import { deriveKey } from '../../platform/crypto/secrets.ts';
import { CONFIG } from '../../platform/tokens.ts';

/** PKCS #8 around an Ed25519 seed (RFC 8410, 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signs certificates with Ed25519. The private key is derived from APP_SECRET: it never lies in the database. */
@Injectable()
export class CertificateSigner {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  constructor(@Inject(CONFIG) config: ApiConfig) {
    const seed = deriveKey(config.APP_SECRET, 'yike/certificates');
    this.#privateKey = createPrivateKey({
      key: Buffer.concat([PKCS8_PREFIX, seed]),
      format: 'der',
      type: 'pkcs8',
    });
    this.#publicKey = createPublicKey(this.#privateKey);
  }

  /** A compact JWS over the facts' canonical JSON, to be checked offline by whoever has the public key. */
  async sign(facts: CertificateFacts): Promise<string> {
    const kid = await calculateJwkThumbprint(await exportJWK(this.#publicKey));
    const payload = Buffer.from(canonicalJson(certificateClaims(facts)));
    return new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', kid }).sign(this.#privateKey);
  }

  /** Whether the credential is ours and says just these facts. */
  async isValid(credential: string, facts: CertificateFacts): Promise<boolean> {
    try {
      const { payload } = await compactVerify(credential, this.#publicKey, { algorithms: ['EdDSA'] });
      return Buffer.from(payload).toString() === canonicalJson(certificateClaims(facts));
    } catch {
      return false; // Whatever is wrong with it, it is not valid.
    }
  }
}
