import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inCheckout } from '../../scripts/host/paths.ts';
import { DESKTOP, PHONE } from './browser.ts';
import type { Visitor } from './visitor.ts';

/** Where the pictures go: one folder always, another where the environment names one. */
const FOLDERS = [inCheckout('test-results', 'screenshots'), process.env.YIKE_SCREENSHOTS].filter(
  (folder) => folder !== undefined && folder !== '',
) as string[];

const SIZES = { phone: PHONE, desktop: DESKTOP } as const;
const ELDER_ON = '大字版';
const ELDER_OFF = '标准版';

/** What was found wrong with one look of a page. */
export interface Flaws {
  readonly look: string;
  readonly barriers: string[];
  /** Pixels by which the page is wider than the screen. */
  readonly overflow: number;
}

/**
 * Takes the page as it stands in both sizes, plain and in elder mode, and leaves it plain, on a desktop.
 * @returns the looks with a flaw
 */
export async function lookAt(visitor: Visitor, name: string): Promise<Flaws[]> {
  const { page } = visitor;
  const flaws: Flaws[] = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const mode of ['plain', 'elder'] as const) {
      if (mode === 'elder') await switchElder(visitor, ELDER_ON);
      const look = `${name}-${size}${mode === 'elder' ? '-elder' : ''}`;
      await keepPicture(visitor, mode === 'plain' && size === 'desktop' ? name : look);
      const barriers = await visitor.barriers();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (barriers.length > 0 || overflow > 0) flaws.push({ look, barriers, overflow });
    }
    await switchElder(visitor, ELDER_OFF);
  }
  return flaws;
}

async function switchElder({ page }: Visitor, word: string): Promise<void> {
  await page.getByRole('button', { name: word }).filter({ visible: true }).first().click();
  await page.getByRole('button', { name: word }).first().waitFor({ state: 'detached' });
}

async function keepPicture({ page }: Visitor, look: string): Promise<void> {
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ animations: 'disabled' });
  for (const folder of FOLDERS) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${look}.png`), picture);
  }
}
