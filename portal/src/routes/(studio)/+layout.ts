import { error } from '@sveltejs/kit';
import { signInFirst } from '#lib/frame/sign-in-first.ts';
import type { LayoutLoad } from './$types';

/** The API guards its own doors; this one only saves a person from an empty page. */
export const load: LayoutLoad = async ({ parent, url }) => {
  const { me } = await parent();
  signInFirst(me, url);
  if (!me.roles.includes('lecturer')) error(403, 'lecturers only', { code: 'forbidden' });
  return { me };
};
