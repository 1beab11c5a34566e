import { error } from '@sveltejs/kit';
import { mayAdminister } from '#lib/frame/places.ts';
import { signInFirst } from '#lib/frame/sign-in-first.ts';
import type { LayoutLoad } from './$types';

/** The API guards its own doors; this one only saves a person from an empty page. */
export const load: LayoutLoad = async ({ parent, url }) => {
  const { me } = await parent();
  signInFirst(me, url);
  if (!mayAdminister(me.roles)) error(403, 'administrators only', { code: 'forbidden' });
};
