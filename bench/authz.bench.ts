import { ViewingApi } from '../api/src/features/viewing/testing/viewing-api.ts';
import { type ApiSurface, apiSurface } from '../api/src/testing/api-surface.ts';
import { ask } from './authz/ask.ts';
import { PEOPLE, type Person, type Place, PLACES } from './authz/places.ts';
import { type AuthzRequest, REQUESTS } from './authz/requests.ts';
import { Things } from './authz/things.ts';
import { World } from './authz/world.ts';
import type { BenchLine } from './bench.ts';
import { builtApi } from './viewing/api-parts.ts';

interface Wrong {
  readonly request: string;
  readonly person: Person;
  readonly place: Place;
  readonly told: string;
}

/**
 * Asks every route and every socket event as every role about things of the own, of a foreign and of an ancestor's organisation, each time with
 * new people and new things, on the real API and PostgreSQL; who is to get through stands in a table of its own.
 */
export default async function authz(): Promise<BenchLine> {
  const parts = await builtApi();
  const api = await ViewingApi.start(parts);
  try {
    api.app.get(parts.Clock).nowMs = () => Date.now();
    const surface = apiSurface(api.app);
    const world = await World.create(api.database);
    const found = { allows: [] as Wrong[], refusals: [] as Wrong[], faults: [] as Wrong[] };
    let cases = 0;
    for (const request of REQUESTS) {
      for (const person of PEOPLE) {
        for (const place of PLACES) {
          await tryOne({ api, world, request, person, place }, found);
          cases += 1;
        }
      }
    }
    const gaps = gapsOf(surface);
    const withoutAction = [...surface.routes, ...surface.events].filter(({ action }) => action === undefined);
    return {
      name: 'authz',
      value: found.allows.length,
      unit: 'cases in which somebody got through who should not',
      goal: '0, every route and event is asked, and none is without an action',
      ok:
        [...Object.values(found).flat(), ...gaps.unasked, ...gaps.gone].length === 0 &&
        withoutAction.length === 0,
      details: {
        ...{ routes: surface.routes.length, events: surface.events.length, roles: PEOPLE.length, cases },
        withoutAction: withoutAction.length,
        ...gaps,
        unexpectedAllows: found.allows.slice(0, 20),
        unexpectedRefusals: found.refusals.slice(0, 20),
        faults: found.faults.slice(0, 20),
      },
    };
  } finally {
    await api.close();
  }
}

interface Case {
  readonly api: ViewingApi;
  readonly world: World;
  readonly request: AuthzRequest;
  readonly person: Person;
  readonly place: Place;
}

async function tryOne(
  { api, world, request, person, place }: Case,
  found: { allows: Wrong[]; refusals: Wrong[]; faults: Wrong[] },
): Promise<void> {
  const somebody = await world.person(person);
  const { verdict, told } = await ask(api.origin, request, somebody, new Things(world, place, somebody));
  const wrong = { request: [request.of, request.how].filter(Boolean).join(' as '), person, place, told };
  const isExpected = request.expected[place].includes(person);
  if (verdict === 'fault') found.faults.push(wrong);
  else if (verdict === 'in' && !isExpected) found.allows.push(wrong);
  else if (verdict === 'out' && isExpected) found.refusals.push(wrong);
}

/** What the API has and the table has not, and the other way round. */
function gapsOf({ routes, events }: ApiSurface): { unasked: string[]; gone: string[] } {
  const there = [
    ...routes.map(({ method, path }) => `${method} ${path}`),
    ...events.map(({ event }) => `socket ${event}`),
  ];
  const asked = new Set(REQUESTS.map(({ of }) => of));
  return {
    unasked: there.filter((each) => !asked.has(each)),
    gone: [...asked].filter((each) => !there.includes(each)),
  };
}
