import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The weights that the pages use; each file holds all of Chinese, so no more than these. */
const WEIGHTS = ['400Regular', '600SemiBold', '700Bold'];

/**
 * Gives a browser a Chinese font that came by npm, whatever the machine has: a fontconfig file of our own.
 * @returns variables for the browser's environment
 */
export function fontEnvironment(): Record<string, string> {
  const fonts = dirname(
    createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'),
  );
  const folder = join(tmpdir(), `yike-fonts-${process.getuid?.() ?? 0}`);
  mkdirSync(join(folder, 'cache'), { recursive: true });
  const file = join(folder, 'fonts.conf');
  writeFileSync(
    file,
    configuration(
      WEIGHTS.map((weight) => join(fonts, weight)),
      join(folder, 'cache'),
    ),
  );
  return { FONTCONFIG_FILE: file };
}

function configuration(folders: readonly string[], cache: string): string {
  const escaped = (path: string) => path.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    '<fontconfig>',
    ...folders.map((folder) => `  <dir>${escaped(folder)}</dir>`),
    `  <cachedir>${escaped(cache)}</cachedir>`,
    ...['sans-serif', 'system-ui', 'serif', 'monospace'].map(
      (family) => `  <alias><family>${family}</family><prefer><family>Noto Sans SC</family></prefer></alias>`,
    ),
    '</fontconfig>',
    '',
  ].join('\n');
}
