import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerService } from '../api/src/features/bank/ledger.service.ts';
import { type TestPerson, ViewingApi } from '../api/src/features/viewing/testing/viewing-api.ts';
import type { UnitOfWork } from '../api/src/platform/database/unit-of-work.ts';
import type { BenchLine } from './bench.ts';
import { builtApi, builtModule } from './viewing/api-parts.ts';

const RESIDENTS = 200;
const WRITERS = 8;
const ROUND_MS = 4_000;
const ROUNDS = 3;

/** Entries per second into the real ledger, each with both sides and its hash, beside plain one-row transactions on the same PostgreSQL. */
export default async function ledger(): Promise<BenchLine> {
  const parts = await builtApi();
  const api = await ViewingApi.start(parts);
  try {
    const { LedgerService: Ledger } = await builtModule<
      typeof import('../api/src/features/bank/ledger.service.ts')
    >('features/bank/ledger.service');
    const { UnitOfWork: Work } = await builtModule<
      typeof import('../api/src/platform/database/unit-of-work.ts')
    >('platform/database/unit-of-work');
    const [service, work] = [api.app.get<LedgerService>(Ledger), api.app.get<UnitOfWork>(Work)];
    const people = await Promise.all(Array.from({ length: RESIDENTS }, () => api.person()));
    await api.database.query('CREATE TABLE bench_rows (n int8); GRANT INSERT ON bench_rows TO yike_app');

    const watch = watchSums(api);
    const [entries, rows]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      entries.push(await perSecond((n) => book(service, work, people, round, n)));
      rows.push(
        await perSecond((n) => work.run((tx) => tx.query('INSERT INTO bench_rows VALUES ($1)', [n]))),
      );
    }
    const { looks, wrong } = await watch.stop();
    const audit = await service.audit();
    const isZero = wrong === 0 && audit.sums.every(({ sum }) => sum === 0);
    return {
      name: 'ledger',
      value: Math.round(median(entries)),
      unit: 'entries/s',
      goal: 'sum 0 at every moment, chain verified',
      ok: isZero && audit.chain.verified && audit.chain.checkedEntries > 0,
      details: {
        plainRowsPerSecond: Math.round(median(rows)),
        ratio: Math.round((median(entries) / median(rows)) * 100) / 100,
        sums: audit.sums,
        chain: audit.chain,
        looksAtSums: looks,
        looksThatWereNotZero: wrong,
      },
    };
  } finally {
    await api.close();
  }
}

function book(
  service: LedgerService,
  work: UnitOfWork,
  people: readonly TestPerson[],
  round: number,
  n: number,
): Promise<unknown> {
  const person = people[n % people.length];
  if (person === undefined) throw new Error('nobody to book for');
  const booking = {
    userId: person.id,
    asset: 'class-time',
    kind: 'accrue',
    amount: 1 + (n % 2_700),
    policyVersion: 1,
    idempotencyKey: `bench:${round}:${n}`,
    evidence: { title: 'bench' },
  } as const;
  return work.run((tx) => service.book(booking, tx));
}

/** How often per second the work is done by several writers at once. */
async function perSecond(work: (n: number) => Promise<unknown>): Promise<number> {
  let done = 0;
  const startedAt = performance.now();
  const write = async (): Promise<void> => {
    while (performance.now() - startedAt < ROUND_MS) await work((done += 1));
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return done / ((performance.now() - startedAt) / 1000);
}

/** Looks at the sums all the while, from another connection. */
function watchSums(api: ViewingApi) {
  const state = { looks: 0, wrong: 0, goesOn: true };
  const looking = (async () => {
    while (state.goesOn) {
      const { rows } = await api.database.query<{ sum: string }>(
        'SELECT COALESCE(sum(delta), 0) AS sum FROM ledger_legs',
      );
      state.looks += 1;
      if (rows.some(({ sum }) => sum !== '0')) state.wrong += 1;
      await sleep(200);
    }
  })();
  return {
    stop: async () => {
      state.goesOn = false;
      await looking;
      return state;
    },
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
