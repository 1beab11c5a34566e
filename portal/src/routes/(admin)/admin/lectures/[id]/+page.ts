import { getLectureAttendance } from '@yike/contracts/http/administration';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends, parent }) => {
  depends('yike:attendance');
  await parent();
  return {
    attendance: await fetchReply(getLectureAttendance, { params: { lectureId: params.id } }, fetch),
  };
};
