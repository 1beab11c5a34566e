import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const colours = (block: string): Record<string, string> =>
  Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );

const root = css.slice(css.indexOf(':root {'), css.indexOf(":root[data-elder='true']"));
const darkAt = root.indexOf('@variant dark');
const light = colours(root.slice(0, darkAt));
const themes = { light, dark: { ...light, ...colours(root.slice(darkAt)) } };

/** Relative luminance and contrast by WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['paper', 'surface', 'sunken'];
const topics = ['health', 'culture', 'digital', 'law', 'arts', 'family', 'skills'];
/** Every pair of words and ground that a component uses: at least 4.5:1. */
const text: [string, string][] = [
  ...['ink', 'ink-soft'].flatMap((ink): [string, string][] => grounds.map((ground) => [ink, ground])),
  ...['cinnabar', 'jade'].flatMap((ink): [string, string][] => [
    [ink, 'paper'],
    [ink, 'surface'],
  ]),
  ['on-fill', 'cinnabar-fill'],
  ['on-fill', 'cinnabar-press'],
  ['on-fill', 'jade-fill'],
  ['cinnabar', 'cinnabar-wash'],
  ['jade', 'jade-wash'],
  ['amber-ink', 'amber-wash'],
  ['ink', 'cinnabar-wash'],
  ['ink', 'jade-wash'],
  ['ink', 'amber-wash'],
  ['ink', 'sun'],
  ['ink-soft', 'sun'],
  ['paper', 'ink'],
  ['on-stage', 'stage'],
  ...topics.map((topic): [string, string] => ['ink', `${topic}-ground`]),
];
/** Icons, borders of controls and bars: at least 3:1. */
const graphics: [string, string][] = [
  ...['paper', 'surface'].map((ground): [string, string] => ['line-strong', ground]),
  ['jade', 'sunken'],
  ['amber', 'amber-wash'],
  ['amber', 'surface'],
  ['cinnabar-fill', 'paper'],
];

describe.each(Object.entries(themes))('contrast, %s', (_, theme) => {
  const measure = (one: string, other: string) => contrast(theme[one] ?? '', theme[other] ?? '');
  it.each(text)('%s on %s reads well', (ink, ground) =>
    expect(measure(ink, ground)).toBeGreaterThanOrEqual(4.5),
  );
  it.each(graphics)('%s on %s is seen', (figure, ground) =>
    expect(measure(figure, ground)).toBeGreaterThanOrEqual(3),
  );
});

it('elder mode has text of at least 24 px and targets of at least 60 px', () => {
  const elder = css.slice(css.indexOf(":root[data-elder='true']"));
  const sizes = [...elder.matchAll(/--size-[\w]+: ([\d.]+)rem/g)].map(([, rem]) => Number(rem) * 16);
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
  expect(Number(/--target: ([\d.]+)rem/.exec(elder)?.[1]) * 16).toBeGreaterThanOrEqual(60);
});
