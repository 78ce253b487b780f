import { beforeAll, describe, expect, it } from 'vitest';
import { DESKTOP } from '../support/buyer.ts';
import { GOOD_CARD } from '../support/checkout.ts';
import {
  cardForm,
  dialogOf,
  frameOf,
  heard,
  payInFrame,
  SHOP,
  scriptTag,
  serve,
  shopHtml,
  untilHeard,
  visit,
  widgetButton,
} from '../support/host-page.ts';
import { createLink, type Link } from '../support/links.ts';
import { useShop } from '../support/shop.ts';
import { sessionsOfLink } from '../support/stripe.ts';

const { demo, sandbox, buyers, tag } = useShop({ origins: [SHOP, 'https://*.wild.example', 'http://localhost:4321'] });
let link: Link;

beforeAll(async () => {
  link = await createLink(demo, sandbox);
});

const html = () => shopHtml(`${tag(link)}<p><a href="${link.url}">Pay on its own page</a></p>`);

/** The loader's one line, beside what Chromium itself logs about a refused request. */
function loaderLines(faults: readonly string[]): string[] {
  expect(faults.filter((fault) => !/^console: /.test(fault))).toEqual([]);
  return faults.filter((fault) => fault.startsWith('console: [Softsolz]'));
}

describe('a page whose origin the key does not list', () => {
  it.each([
    'https://good.example.evil.example',
    'https://evilgood.example',
    'https://www.good.example',
    'https://good.example:8443',
    'http://good.example',
    'https://good.exampl',
    'https://wild.example',
    'https://evilwild.example',
    'http://localhost:4322',
    'http://127.0.0.1:4321',
  ])('%s shows no button, says why in one line, and keeps its plain link', async (origin) => {
    const page = await buyers.open(DESKTOP);
    await visit(page, `${origin}/`, html());
    await untilHeard(page, 'blocked');
    expect(await heard(page)).toEqual(['blocked']);
    expect(await widgetButton(page).count()).toBe(0);
    const lines = loaderLines(buyers.takeFaults());
    expect(lines).toEqual([expect.stringContaining(`origin_not_allowed: ${origin} `)]);
    await page.getByRole('link', { name: 'Pay on its own page' }).click();
    await page.waitForURL(link.url);
    expect(await page.innerText('h1')).toBe('Studio deposit');
  });

  it.each(['https://good.example', 'https://a.b.wild.example', 'http://localhost:4321'])(
    'while %s, which it lists, has the button',
    async (origin) => {
      const page = await buyers.open(DESKTOP);
      await visit(page, `${origin}/shop`, html());
      await untilHeard(page, 'ready');
      expect(await widgetButton(page).isVisible()).toBe(true);
    },
  );

  it('is the demo shop on the other port', async () => {
    const page = await buyers.open(DESKTOP);
    await page.goto(demo.foreignShopUrl);
    await page.locator('#log li', { hasText: 'softsolz:blocked' }).nth(1).waitFor();
    expect(await page.locator('button').count()).toBe(0);
    expect(loaderLines(buyers.takeFaults())).toHaveLength(2);
    await page.getByRole('link', { name: /Studio deposit/ }).click();
    await page.waitForURL(`${demo.baseUrl}/pay/link/**`);
  });

  it('is a sandboxed page, whose origin is null', async () => {
    const page = await buyers.open(DESKTOP);
    await serve(page, `${SHOP}/framed`, html());
    await visit(page, `${SHOP}/`, shopHtml(`<iframe sandbox="allow-scripts" src="/framed"></iframe>`));
    const frame = page.frameLocator('iframe');
    await expect.poll(() => loaderLinesSeen().length).toBe(1);
    expect(await frame.locator('softsolz-pay button').count()).toBe(0);
  });

  const seen: string[] = [];
  function loaderLinesSeen(): string[] {
    seen.push(...loaderLines(buyers.takeFaults()));
    return seen;
  }
});

describe('a hostile page', () => {
  it('cannot frame our frame with a token of another origin', async () => {
    const page = await buyers.open(DESKTOP);
    await visit(page, `${SHOP}/`, html());
    await untilHeard(page, 'ready');
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    const url = (await page.locator('softsolz-pay iframe').getAttribute('src')) ?? '';
    expect(url).toContain(`${demo.baseUrl}/embed/payments/frame?`);
    const before = await sessionsOfLink(demo, sandbox, link);

    const thief = await buyers.open(DESKTOP);
    await visit(
      thief,
      'https://evil.example/',
      shopHtml(`<iframe id="stolen" src="${url.replaceAll('&', '&amp;')}"></iframe>`),
    );
    await expect.poll(() => thief.frames()[1]?.url()).toMatch(/^chrome-error:/);
    expect(await thief.evaluate('posted')).toEqual([]);
    expect(buyers.takeFaults().join('\n')).not.toMatch(/script:/);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(before.length);

    // The shop's own page may, but what is framed below a foreign page is framed by that page too.
    await serve(thief, `${SHOP}/inner`, shopHtml(`<iframe src="${url.replaceAll('&', '&amp;')}"></iframe>`));
    await visit(thief, 'https://evil.example/outer', shopHtml(`<iframe src="${SHOP}/inner"></iframe>`));
    await expect.poll(() => thief.frames()[2]?.url()).toMatch(/^chrome-error:/);
    buyers.takeFaults();
  });

  it('learns nothing by opening our frame as a page of its own', async () => {
    const page = await buyers.open(DESKTOP);
    await visit(page, 'https://evil.example/', shopHtml(''));
    await page.evaluate(`window.open('${demo.baseUrl}/embed/payments/frame?t=forged&form=a')`);
    await expect.poll(() => page.context().pages().length).toBe(2);
    const opened = page.context().pages()[1];
    await opened?.waitForLoadState();
    expect(await opened?.locator('form, button, a').count()).toBe(0);
    expect(await page.evaluate('posted')).toEqual([]);
  });

  it('is not believed: forged messages to the page and to the frame change nothing', async () => {
    const forged = await createLink(demo, sandbox);
    const page = await buyers.open(DESKTOP);
    const evil = `<script>
      const data = (name) => ({ source: 'softsolz', type: 'payments.' + name, data: { payment_id: 1, height: 9000 } });
      for (const name of ['confirming', 'succeeded', 'failed', 'close', 'resize', 'blocked']) {
        parent.postMessage(data(name), '*');
        for (let at = 0; at < parent.length; at++) parent[at].postMessage(data(name), '*');
      }
      parent.postMessage('done', '*');
    </script>`;
    await serve(page, 'https://evil.example/', shopHtml(evil));
    await visit(page, `${SHOP}/forged`, shopHtml(tag(forged)));
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    const heardBefore = await heard(page);
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://evil.example/' }))`,
    );
    await expect.poll(() => page.evaluate(`posted.some(({ data }) => data === 'done')`)).toBe(true);
    // The page itself forges too: it is the right origin for neither side.
    await page.evaluate(`postMessage({ source: 'softsolz', type: 'payments.succeeded', data: {} }, '*')`);
    await page.evaluate(
      `document.querySelector('softsolz-pay').shadowRoot.querySelector('iframe').contentWindow
        .postMessage({ source: 'stripe-simulator', type: 'complete', returnUrl: 'https://evil.example/' }, '*')`,
    );
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    expect(await heard(page)).toEqual([...heardBefore, 'confirming', 'succeeded']);
    expect(await sessionsOfLink(demo, sandbox, forged)).toHaveLength(1);
  });

  it.each([
    `"><img src=x onerror="window.hacked=1">`,
    `lnk_x'><script>window.hacked=1</script>`,
    'javascript:window.hacked=1',
    '../../../evil',
  ])('token %j is text: nothing runs, nothing is shown', async (token) => {
    const page = await buyers.open(DESKTOP);
    const escaped = token.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    await visit(page, `${SHOP}/token`, shopHtml(tag({ id: escaped })));
    await untilHeard(page, 'blocked');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(await widgetButton(page).count()).toBe(0);
    expect(await dialogOf(page).count()).toBe(0);
    expect(loaderLines(buyers.takeFaults())).toHaveLength(1);
  });

  it('title with markup is text on the button, in the dialog and in the frame', async () => {
    const title = `<img src=x onerror=parent.hacked=1>"'`;
    const marked = await createLink(demo, sandbox, { title });
    const page = await buyers.open(DESKTOP);
    await visit(page, `${SHOP}/title`, shopHtml(tag(marked)));
    expect(await widgetButton(page).innerText()).toContain(title);
    await widgetButton(page).click();
    expect(await frameOf(page).locator('h1').innerText()).toBe(title);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await frameOf(page).locator('h1 img').count()).toBe(0);
  });
});

describe('a tag that is not for this widget', () => {
  it('is ignored with a reason, and a secret key is sent nowhere', async () => {
    const page = await buyers.open(DESKTOP);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const other = tag(link).replace('"payments"', '"bookings"');
    const secret = scriptTag(demo, sandbox.keys.all, link);
    await visit(page, `${SHOP}/other`, shopHtml(`${other}${secret}`));
    const lines: string[] = [];
    await expect
      .poll(() => {
        lines.push(...loaderLines(buyers.takeFaults()));
        return lines.length;
      })
      .toBe(2);
    expect(lines[0]).toContain('bookings');
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([]);
    expect(asked.join()).not.toContain(sandbox.keys.all);
  });
});
