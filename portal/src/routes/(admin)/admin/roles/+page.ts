import { listOrganisations } from '@yike/contracts/http/organisations';
import { getResident } from '@yike/contracts/http/residents';
import { GrantedRole, listApprovals, listRoleGrants } from '@yike/contracts/http/roles';
import { UserId } from '@yike/contracts/ids';
import { load as fetchReply } from '#lib/api/load.ts';
import { rolesToGive } from '#lib/roles/to-give.ts';
import type { PageLoad } from './$types';

/** `?role=` and `?ended=yes` say what is shown; `?person=` is who is to get a role. */
export const load: PageLoad = async ({ fetch, depends, parent, url }) => {
  depends('yike:roles');
  const { me } = await parent();
  const role = GrantedRole.safeParse(url.searchParams.get('role')).data;
  const ended = url.searchParams.get('ended') === 'yes' ? ('yes' as const) : ('no' as const);
  const query = { ended, ...(role !== undefined && { role }) };
  const person = UserId.safeParse(url.searchParams.get('person')).data;
  const giving = rolesToGive(me?.roles ?? []);
  const [grants, approvals, receiver, organisations] = await Promise.all([
    fetchReply(listRoleGrants, { query }, fetch),
    fetchReply(listApprovals, { query: { limit: 100 } }, fetch),
    person === undefined ? null : fetchReply(getResident, { params: { userId: person } }, fetch),
    person === undefined ? null : fetchReply(listOrganisations, {}, fetch),
  ]);
  const units = organisations?.units ?? [];
  return {
    query,
    grants,
    approvals,
    receiver,
    units,
    giving,
    myId: me?.id ?? null,
  };
};
