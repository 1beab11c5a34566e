import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { UserId } from '@yike/contracts/ids';
import { deriveKey } from '../secrets.ts';
import type { MasterKey, MasterKeys } from './master-keys.ts';
import {
  type IndexKind,
  PersonalDataCipher,
  SealBroken,
  type SealContext,
  type WrappedKey,
} from './personal-data-cipher.ts';

/** The first byte of everything that this implementation seals. SM4 and SM3 would be another one's, with 2. */
const VERSION = 1;
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D: 96 bits of chance and a tag of 128; one data key seals a handful of values. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES;

/** AES-256-GCM seals (version, nonce, ciphertext, tag), HMAC-SHA256 finds. */
export class AesGcmCipher extends PersonalDataCipher {
  readonly algorithm = 'aes-256-gcm+hmac-sha256';
  readonly #current: MasterKey;
  readonly #masters: ReadonlyMap<string, MasterKey>;
  readonly #indexKey: Buffer;

  constructor(masters: MasterKeys, indexSecret: string) {
    super();
    this.#current = masters[0];
    this.#masters = new Map(masters.map((master) => [master.id, master]));
    this.#indexKey = deriveKey(indexSecret, 'yike/personal-data/index');
  }

  get currentMasterKeyId(): string {
    return this.#current.id;
  }

  newDataKey(): Buffer {
    return randomBytes(KEY_BYTES);
  }

  wrap(dataKey: Buffer, userId: UserId): WrappedKey {
    const { id, key } = this.#current;
    return { wrappedKey: seal(key, dataKey, placeOfKey(userId)), masterKeyId: id };
  }

  unwrap({ wrappedKey, masterKeyId }: WrappedKey, userId: UserId): Buffer {
    const master = this.#masters.get(masterKeyId);
    if (master === undefined)
      throw new SealBroken(`the master key ${masterKeyId} is not among the given ones`);
    return open(master.key, wrappedKey, placeOfKey(userId));
  }

  seal(dataKey: Buffer, plain: string, context: SealContext): Buffer {
    return seal(dataKey, Buffer.from(plain, 'utf8'), placeOf(context));
  }

  open(dataKey: Buffer, sealed: Buffer, context: SealContext): string {
    return open(dataKey, sealed, placeOf(context)).toString('utf8');
  }

  index(kind: IndexKind, normalised: string): Buffer {
    return createHmac('sha256', this.#indexKey).update(`${kind}\0${normalised}`).digest();
  }
}

const placeOf = ({ userId, field }: SealContext): Buffer => Buffer.from(`yike/${field}/${userId}`);
const placeOfKey = (userId: UserId): Buffer => Buffer.from(`yike/person-key/${userId}`);

function seal(key: Buffer, plain: Buffer, place: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(place);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, sealed, cipher.getAuthTag()]);
}

function open(key: Buffer, envelope: Buffer, place: Buffer): Buffer {
  if (envelope[0] !== VERSION || envelope.length < HEADER_BYTES + TAG_BYTES) {
    throw new SealBroken('this is not sealed by this algorithm');
  }
  const nonce = envelope.subarray(1, HEADER_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(place)
    .setAuthTag(envelope.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(envelope.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new SealBroken('the seal does not hold', { cause });
  }
}
