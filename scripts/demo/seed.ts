import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PreconditionFailed } from '@yike/storage/errors';
import type { ObjectStore } from '@yike/storage/object-store';
import { SetupFailure } from '../host/failure.ts';
import { inCheckout } from '../host/paths.ts';
import { run } from '../host/run.ts';
import {
  type DatabaseUrls,
  machineEnvironment,
  type Plan,
  storageEnvironment,
} from '../services/environments.ts';
import type { Say } from '../setup/steps.ts';
import { type DemoMedia, provideDemoMedia } from './assets.ts';

const ACCOUNTS = [
  'resident',
  'resident2',
  'lecturer',
  'community',
  'street',
  'curator',
  'auditor',
  'admin',
] as const;
/** Everybody can read it here, so it opens nothing that others than this machine can reach. */
const OPEN_PASSWORD = 'yike-demo';
const UPLOADS_AT_ONCE = 8;

type Passwords = Record<(typeof ACCOUNTS)[number], string>;

/** What `demo.json` in the data folder remembers, so that a start need not ask the database. */
interface Marker {
  /** Whether the accounts have the password that everybody knows, or random ones that were printed once. */
  passwords: 'open' | 'random';
  /** The day of the last seed: the coming lecture of another day is past. */
  day: string;
}

/**
 * Puts the demo's courses and accounts in place, once per data folder; a coming lecture again on another day, and other passwords when
 * the product is opened to or closed from the network.
 * @returns lines about the accounts for the console, and the step's note
 * @throws SetupFailure where the API's seed fails
 */
export async function seedDemo(
  plan: Plan,
  urls: DatabaseUrls,
  store: ObjectStore,
  say: Say,
): Promise<[accounts: string[], note: string]> {
  const wanted = plan.showsDemo ? 'open' : 'random';
  const markerFile = path.join(plan.options.dataFolder, 'demo.json');
  const marker = readMarker(markerFile);
  const today = new Date().toISOString().slice(0, 10);
  const isOpen = wanted === 'open';
  if (marker?.passwords === wanted && (marker.day === today || !isOpen)) {
    return [
      isOpen ? accountLines(openPasswords()) : ['Demo accounts: as printed at the first start'],
      'there',
    ];
  }
  const passwords = isOpen ? openPasswords() : randomPasswords();
  let note = 'a coming lecture';
  if (marker === undefined) {
    const media = await provideDemoMedia(plan.identity.ffmpegPath, say);
    await upload(media, store);
    await runSeed(plan, urls, passwords, media);
    note = `${media.files.length} files, ${ACCOUNTS.length} accounts`;
  } else {
    await runSeed(plan, urls, passwords);
  }
  writeFileSync(markerFile, JSON.stringify({ passwords: wanted, day: today } satisfies Marker));
  return [accountLines(passwords), note];
}

function readMarker(file: string): Marker | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Marker) : undefined; // Ours alone.
}

/** Objects are content-addressed by their asset: what is there is the same. */
async function upload({ files, folder }: DemoMedia, store: ObjectStore): Promise<void> {
  for (let first = 0; first < files.length; first += UPLOADS_AT_ONCE) {
    await Promise.all(
      files.slice(first, first + UPLOADS_AT_ONCE).map(async ({ key, contentType }) => {
        const bytes = readFileSync(path.join(folder, key));
        await store.put(key, bytes, { contentType, ifNoneMatch: '*' }).catch((error: unknown) => {
          if (!(error instanceof PreconditionFailed)) throw error;
        });
      }),
    );
  }
}

async function runSeed(
  plan: Plan,
  { appUrl }: DatabaseUrls,
  passwords: Passwords,
  media?: DemoMedia,
): Promise<void> {
  const env = {
    ...machineEnvironment(),
    ...storageEnvironment(plan),
    DATABASE_URL: appUrl,
    ...(media === undefined ? {} : { DEMO_ASSETS: media.listFile }),
    DEMO_PASSWORDS: JSON.stringify(passwords),
  };
  const { code, output } = await run(
    process.execPath,
    [inCheckout('api', 'dist', 'database', 'seed-demo.js')],
    { env },
  );
  if (code !== 0) throw new SetupFailure(`The demo data could not be written:\n${output.trim()}`);
}

function openPasswords(): Passwords {
  return passwordsBy(() => OPEN_PASSWORD);
}

function randomPasswords(): Passwords {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'; // without those that look alike
  const group = (): string => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return passwordsBy(() => [group(), group(), group()].join('-'));
}

function passwordsBy(make: () => string): Passwords {
  return Object.fromEntries(ACCOUNTS.map((account) => [account, make()])) as Passwords; // It has all of them.
}

function accountLines(passwords: Passwords): string[] {
  const common = new Set(Object.values(passwords)).size === 1;
  if (common) return [`Demo accounts: ${ACCOUNTS.join(', ')}; password: ${passwords.resident}`];
  const lines = ACCOUNTS.map((account) => `  ${account.padEnd(10)} ${passwords[account]}`);
  return ['Demo accounts, printed this once:', ...lines];
}
