import { expect, it } from 'vitest';
import { localeOf, themeOf } from './cookies.ts';

it.each([
  { cookie: 'en', accept: 'zh-CN', locale: 'en' },
  { cookie: undefined, accept: 'en-GB,en;q=0.9,zh;q=0.1', locale: 'en' },
  { cookie: undefined, accept: 'fr-FR,zh-TW;q=0.8', locale: 'zh-CN' },
  { cookie: undefined, accept: 'fr', locale: 'zh-CN' },
  { cookie: 'klingon', accept: null, locale: 'zh-CN' },
])('cookie $cookie and $accept: $locale', ({ cookie, accept, locale }) =>
  expect(localeOf(cookie, accept)).toBe(locale),
);

it.each([
  { cookie: 'dark', theme: 'dark' },
  { cookie: undefined, theme: 'system' },
  { cookie: '"><script>', theme: 'system' },
])('theme cookie $cookie: $theme', ({ cookie, theme }) => expect(themeOf(cookie)).toBe(theme));
