import { getOrganisation, listOrganisations } from '@yike/contracts/http/organisations';
import { OrgUnitId } from '@yike/contracts/ids';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

/** `?unit=` is the one that is looked at, `?closed=yes` shows closed ones too. */
export const load: PageLoad = async ({ fetch, depends, parent, url }) => {
  depends('yike:organisations');
  const { me } = await parent();
  const isClosedShown = url.searchParams.get('closed') === 'yes';
  const chosen = OrgUnitId.safeParse(url.searchParams.get('unit')).data;
  const [{ units }, detail] = await Promise.all([
    fetchReply(listOrganisations, { query: { closed: isClosedShown ? 'yes' : 'no' } }, fetch),
    chosen === undefined ? null : fetchReply(getOrganisation, { params: { orgUnitId: chosen } }, fetch),
  ]);
  return { units, detail, isClosedShown, grants: me?.grants ?? [] };
};
