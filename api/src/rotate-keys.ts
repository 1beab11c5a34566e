import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { readRotationConfig } from './config.ts';
import { createDataSource } from './database/data-source.ts';
import { rotateKeys } from './features/people/rotation/rotate-keys.ts';
import { AesGcmCipher } from './platform/crypto/personal-data/aes-gcm-cipher.ts';
import { masterKeysOf } from './platform/crypto/personal-data/master-keys.ts';
import { UnitOfWork } from './platform/database/unit-of-work.ts';

/**
 * `node api/dist/rotate-keys.js [--data-keys]`, in the API's environment: wraps all keys of persons by the first of `PERSONAL_DATA_KEYS`;
 * with `--data-keys` those still under another one become new keys, and what they sealed is sealed anew. Interrupted, it goes on when it is
 * run again.
 */
const { values } = parseArgs({ options: { 'data-keys': { type: 'boolean', default: false } } });
const config = readRotationConfig();
const cipher = new AesGcmCipher(masterKeysOf(config.PERSONAL_DATA_KEYS), '');
const dataSource = await createDataSource(config.DATABASE_URL, pino({ level: 'silent' })).initialize();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  const { done, left } = await rotateKeys({
    cipher,
    unitOfWork: new UnitOfWork(dataSource),
    withDataKeys: values['data-keys'],
    onProgress: (count, of) => say(`${count} of ${of}`),
  });
  say(
    `rotated: ${done} keys of persons; ${left} are left that another master key than ${cipher.currentMasterKeyId} wraps`,
  );
} finally {
  await dataSource.destroy();
}
