import { createContext } from 'svelte';
import {
  type Locale,
  type Me,
  type Preferences as PreferencesChange,
  updatePreferences,
} from '@yike/contracts/http/accounts';
import { call } from '#lib/api/call.ts';
import {
  carriedOver,
  ELDER_COOKIE,
  LOCALE_COOKIE,
  preferenceCookie,
  THEME_COOKIE,
  type Theme,
} from './cookies.ts';

interface Shown {
  readonly locale: Locale;
  readonly elderMode: boolean;
  readonly theme: Theme;
}

/**
 * How the pages are shown. A change is seen at once, remembered by this device's cookie, and by the account of who is
 * signed in; when the account cannot be reached the cookie alone remembers it.
 */
export class Preferences {
  #shown = $state.raw<Shown>({ locale: 'zh-CN', elderMode: false, theme: 'system' });
  #isSignedIn = $state(false);

  constructor(shown: Shown, isSignedIn: boolean) {
    this.take(shown, isSignedIn);
  }

  get locale(): Locale {
    return this.#shown.locale;
  }

  get elderMode(): boolean {
    return this.#shown.elderMode;
  }

  get theme(): Theme {
    return this.#shown.theme;
  }

  /** What the server said about this visitor. */
  take(shown: Shown, isSignedIn: boolean): void {
    this.#shown = shown;
    this.#isSignedIn = isSignedIn;
  }

  async setElderMode(elderMode: boolean): Promise<void> {
    this.#show({ elderMode }, preferenceCookie(ELDER_COOKIE, elderMode ? '1' : '0'));
    await this.#remember({ elderMode });
  }

  async setLocale(locale: Locale): Promise<void> {
    this.#show({ locale }, preferenceCookie(LOCALE_COOKIE, locale));
    await this.#remember({ locale });
  }

  /** Takes what was chosen before signing in into the account. */
  async carryInto(me: Me): Promise<void> {
    this.#isSignedIn = true;
    const carried = carriedOver(document.cookie, me);
    if (carried !== null) await this.#remember(carried);
  }

  /** The device's own matter: rooms are bright or dark, accounts are not. */
  setTheme(theme: Theme): void {
    this.#show({ theme }, preferenceCookie(THEME_COOKIE, theme));
  }

  #show(change: Partial<Shown>, cookie: string): void {
    this.#shown = { ...this.#shown, ...change };
    document.cookie = cookie;
    const { locale, elderMode, theme } = this.#shown;
    document.documentElement.lang = locale;
    document.documentElement.dataset.elder = String(elderMode);
    document.documentElement.dataset.theme = theme;
  }

  async #remember(change: PreferencesChange): Promise<void> {
    if (!this.#isSignedIn) return;
    await call(updatePreferences, { body: change }).catch((cause: unknown) => {
      console.warn('the account could not be told; this device remembers it', cause);
    });
  }
}

export const [usePreferences, providePreferences] = createContext<Preferences>();
