import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DESKTOP, PHONE } from './browser.ts';
import { shortcomings } from './elder.ts';
import type { Visitor } from './visitor.ts';

/** Where pictures of every look go, if they are wanted. */
const { YIKE_SCREENSHOTS: FOLDER = '' } = process.env;

const SIZES = { phone: PHONE, desktop: DESKTOP } as const;
/** The words of the switches, in the language in which they are read. */
const SWITCHES = {
  zh: { elderOn: '大字版', elderOff: '标准版', otherLanguage: 'English' },
  en: { elderOn: 'Large text', elderOff: 'Normal text', otherLanguage: '中文' },
} as const;
type Language = keyof typeof SWITCHES;

/** What was found wrong with one look of a page. */
export interface Flaws {
  readonly look: string;
  readonly barriers: string[];
  /** What falls short of elder mode's promise. */
  readonly tooSmall: string[];
  /** Pixels by which the page is wider than the screen. */
  readonly overflow: number;
}

/**
 * Examines the page as it stands in both sizes, light, dark and in elder mode, in Chinese and in English, and leaves it light and
 * Chinese, on a desktop.
 * @returns the looks with a flaw
 */
export async function lookAt(visitor: Visitor, name: string): Promise<Flaws[]> {
  const { page } = visitor;
  const flaws: Flaws[] = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    const look = async (mode: '' | '-dark' | '-elder' | '-en' | '-en-elder'): Promise<void> => {
      const isNamesake = mode === '' && size === 'desktop';
      const found = await lookOnce(visitor, isNamesake ? name : `${name}-${size}${mode}`);
      if (found.barriers.length + found.tooSmall.length + found.overflow > 0) flaws.push(found);
    };
    await look('');
    await page.emulateMedia({ colorScheme: 'dark' });
    await look('-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await inElderMode(visitor, 'zh', () => look('-elder'));
    await switchLanguage(visitor, 'zh');
    await look('-en');
    await inElderMode(visitor, 'en', () => look('-en-elder'));
    await switchLanguage(visitor, 'en');
  }
  return flaws;
}

async function lookOnce(visitor: Visitor, look: string): Promise<Flaws> {
  const { page } = visitor;
  if (FOLDER !== '') await keepPicture(visitor, look);
  return {
    look,
    barriers: await visitor.barriers(),
    tooSmall: look.endsWith('elder') ? await shortcomings(page) : [],
    overflow: await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ),
  };
}

async function inElderMode(visitor: Visitor, language: Language, look: () => Promise<void>): Promise<void> {
  const { elderOn, elderOff } = SWITCHES[language];
  await press(visitor, elderOn);
  await look();
  await press(visitor, elderOff);
}

const switchLanguage = (visitor: Visitor, from: Language): Promise<void> =>
  press(visitor, SWITCHES[from].otherLanguage);

/** Presses a switch, whose word changes by that. */
async function press({ page }: Visitor, word: string): Promise<void> {
  const button = page.getByRole('button', { name: word, exact: true });
  await button.filter({ visible: true }).first().click();
  await button.first().waitFor({ state: 'detached' });
}

async function keepPicture({ page }: Visitor, look: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ animations: 'disabled', fullPage: true });
  writeFileSync(path.join(FOLDER, `${look}.png`), picture);
}
