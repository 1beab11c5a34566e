import type { CodeSent } from '@yike/contracts/http/codes';
import type { CommunityChoice } from '@yike/contracts/http/organisations';
import { CONSENT_VERSIONS, type Entered } from '@yike/contracts/http/registration';
import { checkSign } from '../../../domain/identity/mainland-id.ts';
import type { ApiUnderTest } from '../../../testing/api-under-test.ts';
import type { Visitor } from '../../../testing/visitor.ts';

let people = 0;

/** A phone that nobody has. */
export const newPhone = (): string => String(13_700_000_000 + (people += 1));

/** The number of somebody who was not there before. @param birth `19580312` */
export function newNumber(birth = '19580312'): string {
  const first = `440305${birth}${String((people += 1)).padStart(3, '0')}`;
  return first + checkSign(first);
}

export const consentTo = (...texts: (keyof typeof CONSENT_VERSIONS)[]) =>
  texts.map((text) => ({ text, version: CONSENT_VERSIONS[text] }));

/** In the demo, where the answer holds it. */
export async function codeFor(api: ApiUnderTest, phone: string, purpose = 'enter'): Promise<string> {
  const { body } = await api.visitor().post<CodeSent>('/api/codes', { phone, purpose });
  return body.demoCode ?? '';
}

/** That this phone, which is nobody's yet, is in hand. */
export async function proofOf(api: ApiUnderTest, phone: string): Promise<string> {
  const code = await codeFor(api, phone);
  const { body } = await api.visitor().post<Entered>('/api/session/by-code', { phone, code });
  if (body.kind !== 'new') throw new Error('the phone is somebody’s already');
  return body.phoneProof;
}

/** A community of the demo's tree. */
export async function communityNamed(api: ApiUnderTest, name: string): Promise<string> {
  const path = `/api/organisations/communities?q=${encodeURIComponent(name)}`;
  const { body } = await api.visitor().get<{ items: CommunityChoice[] }>(path);
  const [found] = body.items;
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.id;
}

/** What a resident of 桂苑社区, 68 years old, sends; `more` takes the place of some of it. */
export const filledIn = async (api: ApiUnderTest, phoneProof: string, more: object = {}) => ({
  phoneProof,
  displayName: '王阿姨',
  realName: '王秀兰',
  document: { type: 'mainland-id', number: newNumber() },
  homeOrgUnitId: await communityNamed(api, '桂苑'),
  groups: ['parent'],
  consents: consentTo('terms', 'privacy'),
  ...more,
});

/** A resident, registered and signed in. */
export async function register(
  api: ApiUnderTest,
  more: object = {},
): Promise<{ visitor: Visitor; phone: string }> {
  const phone = newPhone();
  const visitor = api.visitor();
  const { status } = await visitor.post(
    '/api/registration',
    await filledIn(api, await proofOf(api, phone), more),
  );
  if (status !== 200) throw new Error(`registered with ${status}`);
  return { visitor, phone };
}
