import { Locale, type Me, type Preferences } from '@yike/contracts/http/accounts';

/** `system` follows the device. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The cookies that remember how the pages are shown on this device; the account, where there is one, wins. */
export const LOCALE_COOKIE = 'yike-locale';
export const ELDER_COOKIE = 'yike-elder';
export const THEME_COOKIE = 'yike-theme';

/** The language of a cookie, else the first of `Accept-Language` that there is, else Chinese. */
export function localeOf(cookie: string | undefined, acceptLanguage: string | null): Locale {
  const chosen = Locale.safeParse(cookie);
  if (chosen.success) return chosen.data;
  const wanted = (acceptLanguage ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return wanted.find((language) => language === 'zh' || language === 'en') === 'en' ? 'en' : 'zh-CN';
}

export function themeOf(cookie: string | undefined): Theme {
  return THEMES.find((theme) => theme === cookie) ?? 'system';
}

/**
 * What a guest chose on this device and takes into the account on signing in: the language, and large text. Never the
 * end of large text: a tablet that others use must not take it from who needs it.
 * @param cookies as in `document.cookie`
 * @returns null where the account has it so already
 */
export function carriedOver(cookies: string, me: Pick<Me, 'locale' | 'elderMode'>): Preferences | null {
  const chosen = new Map(
    cookies.split('; ').map((each) => each.split('=', 2) as [string, string | undefined]),
  );
  const locale = Locale.safeParse(chosen.get(LOCALE_COOKIE)).data ?? me.locale;
  const elderMode = me.elderMode || chosen.get(ELDER_COOKIE) === '1';
  return locale === me.locale && elderMode === me.elderMode ? null : { locale, elderMode };
}

/** A cookie for one year that the browser's code writes, as it holds no secret. */
export function preferenceCookie(name: string, value: string): string {
  return `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
