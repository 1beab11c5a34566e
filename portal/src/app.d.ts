import type { Locale, Me } from '@yike/contracts/http/accounts';
import type { ProblemCode } from '@yike/contracts/problem';
import type { Theme } from '#lib/preferences/cookies.ts';

declare global {
  namespace App {
    interface Error {
      /** What the page's words are chosen by. */
      code: ProblemCode;
      /** By which the logs are searched. */
      requestId?: string | undefined;
    }
    interface Locals {
      /** Null without a session, and while the API is away. */
      me: Me | null;
      locale: Locale;
      elderMode: boolean;
      theme: Theme;
    }
    interface PageData {
      me: Me | null;
      locale: Locale;
      elderMode: boolean;
      theme: Theme;
    }
  }
}

export {};
