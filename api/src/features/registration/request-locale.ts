import type { Locale } from '@yike/contracts/http/accounts';

/** English for a browser that asks for it first, else Chinese. What the page shows is carried into the account by the page itself. */
export const localeOf = (acceptLanguage: string | undefined): Locale =>
  /^\s*en\b/i.test(acceptLanguage ?? '') ? 'en' : 'zh-CN';
