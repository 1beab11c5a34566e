/** Where a thing stands, seen from the person's own organisation: in it or below, in one beside it, in one above it. */
export const PLACES = ['own', 'foreign', 'ancestor'] as const;
export type Place = (typeof PLACES)[number];

/** Who asks: somebody without an account, or with a role in a street of the tree (the platform's at its top). */
export const PEOPLE = [
  'stranger',
  'resident',
  'lecturer',
  'tutor',
  'curator',
  'administrator',
  'auditor',
  'platform-administrator',
] as const;
export type Person = (typeof PEOPLE)[number];

/** Who is to get through, by where the thing stands. Written by hand, from what the programme wants: the policy's own code is not asked. */
export type Expectation = Readonly<Record<Place, readonly Person[]>>;

const same = (people: readonly Person[]): Expectation => ({ own: people, foreign: people, ancestor: people });
const PLATFORM: readonly Person[] = ['platform-administrator'];

export const anyone = same(PEOPLE);
export const nobody = same([]);
export const signedIn = same(PEOPLE.filter((person) => person !== 'stranger'));
/** Where the role alone decides: what is theirs is cut out of the answer. */
export const byRole = (...people: Person[]): Expectation => same(people);
/** What belongs to a person: that person and nobody else. */
export const owner: Expectation = { ...nobody, own: signedIn.own };
export const ownerWho = (...people: Person[]): Expectation => ({ ...nobody, own: people });
/** What belongs to an organisation: these roles there and below; who looks after the whole house everywhere. */
export const within = (...people: Person[]): Expectation => ({
  own: [...people, ...PLATFORM],
  foreign: PLATFORM,
  ancestor: PLATFORM,
});
