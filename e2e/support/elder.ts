import type { Page } from 'playwright-core';

/** What elder mode promises: 18 pt of text, targets of 60 px, lines that stand apart. CSS pixels. */
const LEAST = { textPx: 24, targetPx: 60, lineHeight: 1.3 } as const;

/**
 * Measures everything that is seen of a page against what elder mode promises.
 * @returns what falls short, one line each; links within a sentence may be as high as their line (WCAG 2.5.8, inline)
 */
export const shortcomings = (page: Page): Promise<string[]> => page.evaluate(measure, LEAST);

/** Runs in the page. */
function measure(least: typeof LEAST): string[] {
  const isSeen = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    return (
      width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    );
  };
  const nameOf = (element: Element): string =>
    `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 24)}"`;
  const found = new Set<string>();

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (holder === null || node.textContent?.trim() === '' || !isSeen(holder)) continue;
    if (holder.closest('script, style, noscript, svg, option, .sr-only') !== null) continue;
    const { fontSize, lineHeight } = getComputedStyle(holder);
    const size = Number.parseFloat(fontSize);
    if (size < least.textPx - 0.1) found.add(`text of ${String(size)} px: ${nameOf(holder)}`);
    const ratio = Number.parseFloat(lineHeight) / size;
    if (ratio < least.lineHeight - 0.01) found.add(`lines at ${ratio.toFixed(2)}: ${nameOf(holder)}`);
  }

  /** A link may lend its press to all of a card, by what it draws over it. */
  const areaOf = (element: Element): Element => {
    const { position, content } = getComputedStyle(element, '::after');
    if (position !== 'absolute' || content === 'none') return element;
    let holder = element.parentElement;
    while (holder !== null && getComputedStyle(holder).position === 'static') holder = holder.parentElement;
    return holder ?? element;
  };
  const isInSentence = (element: Element): boolean =>
    getComputedStyle(element).display === 'inline' &&
    element.parentElement?.textContent.trim() !== element.textContent.trim();
  for (const target of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    // A box or a dot is pressed by its label.
    const pressed = target.matches('[type=checkbox], [type=radio]')
      ? (target.closest('label') ?? target)
      : target;
    if (!isSeen(pressed) || isInSentence(pressed)) continue;
    const { width, height } = areaOf(pressed).getBoundingClientRect();
    if (Math.min(width, height) < least.targetPx - 0.5)
      found.add(`target of ${width.toFixed(0)} x ${height.toFixed(0)}: ${nameOf(pressed)}`);
  }
  return [...found];
}
