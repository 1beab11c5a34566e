import type { LearningAccount } from '@yike/contracts/http/bank';
import { request } from '../api/src/features/viewing/testing/viewer.ts';
import { ViewingApi } from '../api/src/features/viewing/testing/viewing-api.ts';
import type { BenchLine } from './bench.ts';
import { builtApi } from './viewing/api-parts.ts';
import { type Forger, forge, HONEST, ROUND_MS, TRICKS } from './viewing/forgers.ts';

const ROUNDS = 30;
const COURSE_MS = 600_000;

/**
 * Twelve forged clients and an honest one, each a resident, through the real gateway and PostgreSQL, in the same five minutes (the servers' clock
 * is moved by hand). What a resident may be credited is the lesser of media and clock, over all tabs and devices.
 */
export default async function cheat(): Promise<BenchLine> {
  const api = await ViewingApi.start(await builtApi());
  try {
    const unit = await api.unit(COURSE_MS);
    const clients = await Promise.all([HONEST, ...TRICKS].map((trick) => forge(api, unit, trick)));
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(clients.map((client) => client.before(round)));
      api.advance(ROUND_MS);
      await Promise.all(clients.map((client) => client.after(round)));
    }
    await Promise.all(clients.map((client) => client.leave()));
    const [honest = 0, ...forged] = await Promise.all(clients.map((client) => creditedSeconds(api, client)));
    const ratios = forged.map((seconds) => Math.round((seconds / honest) * 100) / 100);
    const worst = Math.max(...ratios);
    const undelivered = Math.max(
      ...TRICKS.map(({ hasNoMedia }, i) => (hasNoMedia === true ? (forged[i] ?? 0) : 0)),
    );
    return {
      name: 'cheat',
      value: worst,
      unit: 'x of the honest resident',
      goal: 'at most 1.00 x; 0 s for undelivered media',
      ok: honest > 0 && worst <= 1 && undelivered === 0,
      details: {
        honestSeconds: honest,
        undeliveredSeconds: undelivered,
        forged: Object.fromEntries(
          TRICKS.map(({ name }, i) => [name, { seconds: forged[i], ratio: ratios[i] }]),
        ),
      },
    };
  } finally {
    await api.close();
  }
}

/** The lesser of all media and all clock of a resident, read from the account and from the database. */
async function creditedSeconds(api: ViewingApi, { person }: Forger): Promise<number> {
  const { todaySeconds, watchedMs } = await request<LearningAccount>(
    api.origin,
    person,
    'GET',
    '/api/me/account',
  );
  return Math.min(todaySeconds, Math.floor(watchedMs / 1000));
}
