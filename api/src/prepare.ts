import { createMinioStore } from '@yike/storage/minio-store';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { type PrepareConfig, readPrepareConfig } from './config.ts';
import { migrate } from './database/migrate.ts';

/**
 * `node api/dist/prepare.js`: makes a deployment ready for this version, and changes nothing where it is: the schema, the password of the
 * API's role, the bucket. To be run before the API's processes of a new version start.
 */
const config = readPrepareConfig();
const ran = await migrate(config.DATABASE_OWNER_URL);
say(ran.length === 0 ? 'the schema is up to date' : `migrated: ${ran.join(', ')}`);
await letAppSignIn(config);
say('the API’s role may sign in');
await ensureBucket(config);
say(`the bucket ${config.S3_BUCKET} is there`);

/** The role was made without a password by the migrations; it gets the one that the API has. */
async function letAppSignIn({ DATABASE_OWNER_URL, DATABASE_URL }: PrepareConfig): Promise<void> {
  const { username, password } = new URL(DATABASE_URL);
  const client = new Client({ connectionString: DATABASE_OWNER_URL });
  await client.connect();
  try {
    const role = escapeIdentifier(decodeURIComponent(username));
    await client.query(`ALTER ROLE ${role} PASSWORD ${escapeLiteral(decodeURIComponent(password))}`);
  } finally {
    await client.end();
  }
}

async function ensureBucket(given: PrepareConfig): Promise<void> {
  const store = createMinioStore({
    endpoint: given.S3_ENDPOINT,
    accessKey: given.S3_ACCESS_KEY,
    secretKey: given.S3_SECRET_KEY,
    bucket: given.S3_BUCKET,
    region: given.S3_REGION,
  });
  try {
    await store.ensureBucket();
  } finally {
    store.close();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
