import type { Beat } from '@yike/contracts/realtime/viewing';
import { played, Viewer } from '../../api/src/features/viewing/testing/viewer.ts';
import {
  type TestPerson,
  type TestUnit,
  type ViewingApi,
} from '../../api/src/features/viewing/testing/viewing-api.ts';

/** A client that lives in rounds of ten seconds of everyone's clock. */
export interface Forger {
  readonly name: string;
  /** It never has the bytes of what it claims, so nothing at all may count. */
  readonly hasNoMedia: boolean;
  readonly person: TestPerson;
  /** Before the clock moves: what is fetched. */
  before(round: number): Promise<void>;
  /** After ten seconds: what is claimed. */
  after(round: number): Promise<void>;
  leave(): Promise<void>;
}

export const ROUND_MS = 10_000;

interface Trick {
  readonly name: string;
  readonly hasNoMedia?: boolean;
  /** How many tabs it has; each has a session. */
  readonly tabs?: number;
  fetch?: (tab: Viewer, round: number, tabNumber: number) => Promise<void>;
  claim: (tab: Viewer, round: number, tabNumber: number) => Beat[];
  /** Which tab presses Play in this round; the first in the first round only, where nothing is said. */
  play?: (round: number) => number | null;
}

const wrong = (proofs: Beat['proofs']): Beat['proofs'] =>
  proofs.map((proof) => ({ ...proof, sha256: '0'.repeat(64) }));
const at = (round: number): [number, number] => [round * ROUND_MS, (round + 1) * ROUND_MS];
const fetchRound = (tab: Viewer, round: number): Promise<void> => tab.requestSegments(...at(round));
const span = (round: number, mediaFromMs = round * ROUND_MS, rate = 1) =>
  played(...at(round), mediaFromMs, mediaFromMs + ROUND_MS * rate);

export const HONEST: Trick = {
  name: 'an honest resident',
  fetch: fetchRound,
  claim: (tab, round) => [tab.beat([span(round)], tab.proofs(...at(round)))],
};

/** Twelve ways to be credited for more than was played. */
export const TRICKS: readonly Trick[] = [
  {
    name: 'beats without fetching',
    hasNoMedia: true,
    claim: (tab, round) => [tab.beat([span(round)], tab.proofs(...at(round)))],
  },
  {
    name: 'redirects never followed',
    hasNoMedia: true,
    fetch: fetchRound,
    claim: (tab, round) => [tab.beat([span(round)])],
  },
  {
    name: 'invented hashes',
    hasNoMedia: true,
    fetch: fetchRound,
    claim: (tab, round) => [tab.beat([span(round)], wrong(tab.proofs(...at(round))))],
  },
  {
    name: 'all segments in a burst',
    hasNoMedia: true,
    fetch: (tab, round) => (round === 0 ? tab.requestSegments(0, 600_000) : Promise.resolve()),
    claim: (tab, round) => [tab.beat([span(round)], tab.proofs(...at(round)))],
  },
  {
    name: 'seeks to what was never fetched',
    hasNoMedia: true,
    claim: (tab, round) => [
      tab.beat([span(round, ((round * 7) % 58) * ROUND_MS)], tab.proofs(0, 600_000).slice(0, 100)),
    ],
  },
  {
    name: 'two tabs at once',
    tabs: 2,
    fetch: fetchRound,
    claim: (tab, round) => [tab.beat([span(round)], tab.proofs(...at(round)))],
  },
  {
    name: 'two devices that take turns and both claim all',
    tabs: 2,
    play: (round) => round % 2,
    fetch: (tab, round, n) => fetchRound(tab, round + n * 29),
    claim: (tab, round, n) => [
      tab.beat([span(round, (round + n * 29) * ROUND_MS)], tab.proofs(...at(round + n * 29))),
    ],
  },
  {
    name: 'a clock twice as fast',
    fetch: (tab, round) => tab.requestSegments(round * 2 * ROUND_MS, (round + 1) * 2 * ROUND_MS),
    claim: (tab, round) =>
      [0, 1].map((half) => tab.beat([span(round * 2 + half)], tab.proofs(...at(round * 2 + half)))),
  },
  {
    name: 'rate 16',
    fetch: fetchRound,
    claim: (tab, round) => [tab.beat([span(round, 0, 16)], tab.proofs(...at(round)))],
  },
  {
    name: 'rate 1.5 all along',
    fetch: (tab, round) => tab.requestSegments(round * 15_000, (round + 1) * 15_000),
    claim: (tab, round) => [
      tab.beat([span(round, round * 15_000, 1.5)], tab.proofs(round * 15_000, (round + 1) * 15_000)),
    ],
  },
  {
    name: 'one clock claimed for five parts',
    fetch: fetchRound,
    claim: (tab, round) => [
      tab.beat(
        [0, 1, 2, 3, 4].map((part) => span(round, ((round + part * 10) % 58) * ROUND_MS)),
        tab.proofs(...at(round)),
      ),
    ],
  },
  {
    name: 'every beat again under new numbers',
    fetch: fetchRound,
    claim: (tab, round) =>
      [0, 1, 2].flatMap(() => [
        tab.beat([span(round)], tab.proofs(...at(round))),
        tab.beat([span(Math.max(0, round - 1))]),
      ]),
  },
];

/** A resident of its own who plays the trick in as many tabs as it takes. */
export async function forge(api: ViewingApi, unit: TestUnit, trick: Trick): Promise<Forger> {
  const person = await api.person();
  const tabs = await Promise.all(
    Array.from({ length: trick.tabs ?? 1 }, () => Viewer.open(api, person, unit)),
  );
  const playAt = trick.play ?? ((round) => (round === 0 ? 0 : null));
  return {
    name: trick.name,
    hasNoMedia: trick.hasNoMedia ?? false,
    person,
    before: async (round) => {
      await tabs[playAt(round) ?? -1]?.pressPlay();
      await Promise.all(tabs.map((tab, n) => trick.fetch?.(tab, round, n) ?? Promise.resolve()));
    },
    after: async (round) => {
      // A refusal is an answer, too.
      await Promise.all(tabs.map((tab, n) => tab.send(...trick.claim(tab, round, n))));
    },
    leave: async () => {
      await Promise.all(tabs.map((tab) => tab.leave()));
    },
  };
}
