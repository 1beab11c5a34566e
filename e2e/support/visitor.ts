import { AxeBuilder } from '@axe-core/playwright';
import type { Endpoint } from '@yike/contracts/http/endpoint';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DESKTOP } from './browser.ts';
import { parseReply, pathOf, type ReplyOf } from './endpoints.ts';
import { installProbe } from './probe.ts';

/** The demo accounts. */
export type Account = 'resident' | 'resident2' | 'lecturer' | 'community' | 'street' | 'admin';

export interface VisitorOptions {
  readonly viewport?: { width: number; height: number };
  readonly locale?: string;
  /** Run in every page before its own scripts; see `fake-camera.ts`. */
  readonly initScript?: string;
  /** Where it is not the demo's. */
  readonly password?: string;
}

/** A person with a browser profile of their own, signed in or not, and what went wrong on their pages. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly origin: string;
  /** Errors that the pages wrote to the console or threw. */
  readonly troubles: string[] = [];

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.context = context;
    this.page = page;
    this.origin = origin;
    this.#watch(page);
  }

  static async arrive(browser: Browser, origin: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { viewport = DESKTOP, locale = 'zh-CN', initScript } = options;
    const context = await browser.newContext({ viewport, locale, reducedMotion: 'reduce' });
    await context.addInitScript(installProbe);
    if (initScript !== undefined) await context.addInitScript(initScript);
    return new Visitor(context, await context.newPage(), origin);
  }

  /** Arrives and signs in by the form, as a person does. */
  static async signedIn(
    browser: Browser,
    origin: string,
    account: Account,
    options: VisitorOptions = {},
  ): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, origin, options);
    await visitor.open('/sign-in?by=password');
    const { page } = visitor;
    await page.locator('input[autocomplete=username]').fill(account);
    await page.locator('input[autocomplete=current-password]').fill(options.password ?? 'yike-demo');
    await page.locator('button[type=submit]').click();
    await page.waitForURL(({ pathname }) => pathname !== '/sign-in');
    return visitor;
  }

  /** Goes to a page and waits until it reacts to a press. */
  async open(path: string, page = this.page): Promise<void> {
    await page.goto(new URL(path, this.origin).href);
    await page.locator('html[data-alive]').waitFor({ state: 'attached' });
  }

  /** Another tab of the same person. */
  async newTab(): Promise<Page> {
    const page = await this.context.newPage();
    this.#watch(page);
    return page;
  }

  /** Reads by the API as this person, checked by the contract. */
  async read<E extends Endpoint<'GET'>>(
    endpoint: E,
    params: Record<string, string> = {},
  ): Promise<ReplyOf<E>> {
    const path = pathOf(endpoint, params);
    const response = await this.context.request.get(new URL(path, this.origin).href);
    if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`);
    return parseReply(endpoint, await response.json());
  }

  /**
   * What axe finds on the page as it is now, one line each: rule and place. All its rules are asked, in the page itself: there are no frames
   * whose findings would be joined in a page of their own, which takes twice as long.
   */
  async barriers(page = this.page): Promise<string[]> {
    const asked = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
    const { violations } = await asked.analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }

  async leave(): Promise<void> {
    await this.context.close();
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => this.troubles.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.troubles.push(`${page.url()}: ${message.text()}`);
    });
  }
}
