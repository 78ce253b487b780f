import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll } from 'vitest';
import { type Buyers, DESKTOP, useBuyers } from './buyer.ts';
import { type Demo, type DemoSide, readDemo } from './demo.ts';
import { AT_SHOPS, createPublicKey, SHOP, scriptTag, shopHtml, untilHeard, visit } from './host-page.ts';
import type { Link } from './links.ts';

interface ShopOptions {
  /** The origins that the public key lists. */
  readonly origins?: readonly string[];
  /** More of Chromium's command line. */
  readonly switches?: readonly string[];
}

interface ShopPage {
  readonly options?: BrowserContextOptions;
  /** Of the script tag. */
  readonly attributes?: string;
  readonly head?: string;
  /** HTML around the script tag. */
  readonly before?: string;
  readonly after?: string;
  /** The test turns the page's clock. */
  readonly hasClock?: boolean;
}

interface Shop {
  readonly demo: Demo;
  /** Whose payment links and public key the shop has: main's sandbox. */
  readonly sandbox: DemoSide;
  readonly buyers: Buyers;
  publicKey(): string;
  /** The script tag for a link with the shop's public key. */
  tag(link: Pick<Link, 'id'>, attributes?: string): string;
  /** The shop's page with one widget in a window of a new visitor, once the button is there. */
  openShop(link: Link, page?: ShopPage): Promise<Page>;
}

/** A merchant's shop with a public key, and a browser for its buyers, for the tests of a file: see `useBuyers`. */
export function useShop({ origins = [SHOP], switches = [] }: ShopOptions = {}): Shop {
  const demo = readDemo();
  const buyers = useBuyers(demo, { switches: [...AT_SHOPS.switches, ...switches], mayAsk: [demo.stripeUrl] });
  let key = '';
  beforeAll(async () => {
    key = await createPublicKey(demo, origins);
  });
  const tag = (link: Pick<Link, 'id'>, attributes = '') => scriptTag(demo, key, link, attributes);
  return {
    demo,
    sandbox: demo.main.sandbox,
    buyers,
    publicKey: () => key,
    tag,
    openShop: async (link, { options = DESKTOP, attributes, head, before = '', after = '', hasClock } = {}) => {
      const page = await buyers.open(options);
      if (hasClock) await page.clock.install();
      await visit(page, `${SHOP}/`, shopHtml(`${before}${tag(link, attributes)}${after}`, head));
      await untilHeard(page, 'ready');
      return page;
    },
  };
}
