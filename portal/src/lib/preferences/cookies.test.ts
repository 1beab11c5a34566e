import { expect, it } from 'vitest';
import { carriedOver, localeOf, themeOf } from './cookies.ts';

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

it.each([
  { name: 'nothing chosen', cookies: '', elderMode: false, carried: null },
  {
    name: 'large text chosen',
    cookies: 'a=b; yike-elder=1',
    elderMode: false,
    carried: { locale: 'zh-CN', elderMode: true },
  },
  { name: 'large text ended by someone', cookies: 'yike-elder=0', elderMode: true, carried: null },
  {
    name: 'English chosen',
    cookies: 'yike-locale=en; yike-elder=0',
    elderMode: true,
    carried: { locale: 'en', elderMode: true },
  },
  { name: 'the same chosen', cookies: 'yike-locale=zh-CN; yike-elder=1', elderMode: true, carried: null },
])('signing in with $name', ({ cookies, elderMode, carried }) =>
  expect(carriedOver(cookies, { locale: 'zh-CN', elderMode })).toEqual(carried),
);
