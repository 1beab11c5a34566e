import { checkCertificate } from '@yike/contracts/http/certificates';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => ({
  check: await fetchReply(checkCertificate, { params: { number: params.number.toUpperCase() } }, fetch),
});
