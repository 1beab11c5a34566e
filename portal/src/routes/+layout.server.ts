import type { LayoutServerLoad } from './$types';

/** Who reads, and how they want it; asked again after `invalidate('yike:me')`. */
export const load: LayoutServerLoad = ({ locals, depends }) => {
  depends('yike:me');
  const { me, locale, elderMode, theme } = locals;
  return { me, locale, elderMode, theme };
};
