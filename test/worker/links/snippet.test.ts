import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callWith, footprint } from '../support/api.ts';
import { countingD1, countingNamespace } from '../support/counting.ts';
import { type Body, newLink, patchLink } from '../support/links.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const snippetAnswer = z.strictObject({
  data: z.strictObject({
    anchor_html: z.string(),
    email_html: z.string(),
    qr_svg_url: z.string(),
    qr_png_url: z.string(),
  }),
});

async function snippetOf(shop: TestWorkspace, id: string) {
  const response = await call(shop.key, 'GET', `/payment-links/${id}/snippet`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return snippetAnswer.parse(JSON.parse(text)).data;
}

const LINK: Body = { title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 };

describe('the snippet of a link', () => {
  it('is the published anchor, an e-mail button and the addresses of the QR code', async () => {
    const shop = await newWorkspace();
    const { id, url } = await newLink(shop, LINK);
    const before = await footprint(shop);
    const snippet = await snippetOf(shop, id);
    expect(snippet.anchor_html).toBe(`<a href="${url}" target="_blank" rel="noopener">Pay now</a>`);
    expect(snippet.email_html).toContain(`href="${url}"`);
    expect(snippet.email_html).toContain('aria-label="Pay now: Studio deposit"');
    expect([snippet.qr_svg_url, snippet.qr_png_url]).toEqual([`${url}/qr.svg`, `${url}/qr.png`]);
    expect(await footprint(shop)).toEqual(before);
  });

  it('names addresses that answer', async () => {
    const shop = await newWorkspace();
    const { id, url } = await newLink(shop, LINK);
    const { qr_svg_url, qr_png_url } = await snippetOf(shop, id);
    const types = [
      [url, 'text/html'],
      [qr_svg_url, 'image/svg+xml'],
      [qr_png_url, 'image/png'],
    ] as const;
    for (const [address, type] of types) {
      const response = await exports.default.fetch(address);
      expect([address, response.status]).toEqual([address, 200]);
      expect(response.headers.get('Content-Type')).toContain(type);
      await response.body?.cancel();
    }
  });

  it('goes by the link as it is now, switched off or not', async () => {
    const shop = await newWorkspace();
    const { id } = await newLink(shop, { ...LINK, button_color: '#1d4ed8', button_text_color: '#fff' });
    expect((await snippetOf(shop, id)).email_html).toContain('bgcolor="#1d4ed8"');
    await patchLink(shop, id, { button_color: '#000', title: 'Another', active: false });
    const { email_html } = await snippetOf(shop, id);
    expect(email_html).toContain('bgcolor="#000000"');
    expect(email_html).toContain('aria-label="Pay now: Another"');
    expect(email_html).not.toContain('Studio deposit');
  });

  it('keeps a hostile title as text', async () => {
    const shop = await newWorkspace();
    const { id } = await newLink(shop, { ...LINK, title: '"><img src=x onerror=alert(1)>' });
    const { anchor_html, email_html } = await snippetOf(shop, id);
    expect(email_html).toContain('aria-label="Pay now: &quot;&gt;&lt;img src=x onerror=alert(1)&gt;"');
    for (const html of [anchor_html, email_html]) expect(html).not.toContain('<img');
  });

  it('costs two round trips and one call to the gate, as reading the link does', async () => {
    const shop = await newWorkspace();
    const { id } = await newLink(shop, LINK);
    for (const path of [`/payment-links/${id}`, `/payment-links/${id}/snippet`]) {
      const database = countingD1(env);
      const gate = countingNamespace(env.WORKSPACE_GATE);
      const response = await callWith({ ...database.bindings, WORKSPACE_GATE: gate }, shop.key, 'GET', path);
      expect([response.status, database.counts.roundTrips, gate.calls]).toEqual([200, 2, ['admit']]);
    }
  });
});
