import { resolve } from '$app/paths';
import type { Role } from '@yike/contracts/http/accounts';
import BookOpen from '@lucide/svelte/icons/book-open';
import House from '@lucide/svelte/icons/house';
import Presentation from '@lucide/svelte/icons/presentation';
import RadioTower from '@lucide/svelte/icons/radio-tower';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import UserRound from '@lucide/svelte/icons/user-round';
import type { Language } from '#lib/i18n/language.svelte.ts';
import type { Place } from '#lib/ui/places.ts';

/** The four places that everybody has; `pathname` says which one is open. */
export function mainPlaces(t: Language['t'], pathname: string): Place[] {
  const place = (href: string, word: string, icon: Place['icon'], within: readonly string[]): Place => ({
    href,
    word,
    icon,
    isHere: within.some((path) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`))),
  });
  return [
    place(resolve(''), t('nav.home'), House, ['/']),
    place(resolve('live'), t('nav.live'), RadioTower, ['/live', '/lectures']),
    place(resolve('library'), t('nav.library'), BookOpen, ['/library', '/courses']),
    place(resolve('mine'), t('nav.mine'), UserRound, ['/mine', '/sign-in']),
  ];
}

const ADMINISTRATION: readonly Role[] = ['curator', 'administrator', 'auditor', 'platform-administrator'];

/** Whether there is anything for them in the administration. */
export const mayAdminister = (roles: readonly Role[]): boolean =>
  roles.some((role) => ADMINISTRATION.includes(role));

/** Whether they look after registered people. */
export const maySeeResidents = (roles: readonly Role[]): boolean =>
  mayAdminister(roles.filter((role) => role !== 'curator'));

const OVERSEERS: readonly Role[] = ['administrator', 'auditor', 'platform-administrator'];

/** Whether they may see who has which role, and the audit log. */
export const mayOversee = (roles: readonly Role[]): boolean => roles.some((role) => OVERSEERS.includes(role));

/** Where lecturers and administrators work besides. */
export function workPlaces(t: Language['t'], roles: readonly Role[], pathname: string): Place[] {
  const places: Place[] = [];
  if (roles.includes('lecturer')) {
    const href = '/studio';
    places.push({ href, word: t('nav.studio'), icon: Presentation, isHere: pathname.startsWith(href) });
  }
  if (mayAdminister(roles)) {
    const href = resolve('admin');
    places.push({ href, word: t('nav.admin'), icon: ShieldCheck, isHere: pathname.startsWith(href) });
  }
  return places;
}
