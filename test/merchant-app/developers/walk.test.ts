import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { deliveries } from '../../../src/db/schema.ts';
import { scriptSink, sinkRequests, sinkUrl } from '../../worker/support/simulator.ts';
import { TestApp } from '../support/app.ts';
import { atWork, formIdOf, pageOf, textOf } from '../support/screens.ts';
import { directory } from '../support/team.ts';
import { attemptNow, callApi } from '../support/webhooks.ts';

const app = new TestApp();

/** The addresses on a page that a person can go to. */
const linksOn = (page: string) => [...page.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href);

describe('A developer in the sandbox', () => {
  it('makes a key and an endpoint, finds the delivery that failed, understands it, and sends it again', async () => {
    const at = await atWork(app, { role: 'developer' });
    const { browser, path } = at;
    const open = async (address: string) => pageOf(await browser.get(address));
    const follow = async (response: Response) => open(response.headers.get('Location') ?? 'nowhere');

    const keyForm = [
      ['form', formIdOf(await open(path('developers/keys/new')))],
      ['name', 'Shop server'],
      ['access', 'all'],
      ['rate', '60'],
    ];
    const shown = await pageOf(await browser.post(path('developers/keys'), keyForm));
    const key = /sk_test_[0-9A-Za-z]{31}/.exec(shown)?.[0] ?? '';

    const sink = `sink-${at.workspaceId}`;
    const endpointForm = {
      form: formIdOf(await open(path('developers/webhooks/new'))),
      url: sinkUrl(sink),
      which: 'all',
    };
    const made = await pageOf(await browser.post(path('developers/webhooks'), endpointForm));
    expect(made).toMatch(/whsec_[A-Za-z0-9+/]{43}=/);
    const endpoint = linksOn(made).find((href) => /webhooks\/we_/.test(href)) ?? '';

    await scriptSink(sink, { status: 500 });
    const ping = await browser.post(`${endpoint}/ping`, { form: formIdOf(await open(endpoint)) });
    expect(textOf(await follow(ping))).toContain('It is queued');
    const [sent] = await directory.select().from(deliveries).where(eq(deliveries.workspaceId, at.workspaceId));
    await attemptNow([sent?.id ?? '']);

    const list = await open(path('developers/webhooks'));
    expect(textOf(list)).toContain('Failing');
    const waiting = await open(`${linksOn(list).find((href) => href.includes('/we_'))}?status=pending`);
    expect(textOf(waiting)).toContain('1 try: 500');
    const address = linksOn(waiting).find((href) => href.includes('/deliveries/')) ?? '';
    const failed = textOf(await open(address));
    expect(failed).toContain('Your server failed while it handled the event');
    expect(failed).toContain('We try again by ourselves');
    expect(failed).toContain(`webhook-id: ${sent?.eventId}`);
    expect(failed).toContain('"type": "webhook.ping"');
    expect(failed).toContain(`/deliveries/${sent?.id}/redeliver`);

    await scriptSink(sink, { status: 200 });
    const again = await browser.post(`${address}/redeliver`);
    expect(textOf(await follow(again))).toContain('It is queued');
    await attemptNow([sent?.id ?? '']);
    const delivered = textOf(await open(address));
    expect(delivered).toContain('Your server took it');
    expect(delivered).toContain('Try 2 200');
    expect((await sinkRequests(sink)).map(({ status }) => status)).toEqual([500, 200]);

    expect((await callApi(key, 'GET', '/payments/77')).status).toBe(404);
    const requests = textOf(await open(path('developers/requests')));
    expect(requests).toContain('GET /payments/:id not_found');
    expect(requests).toContain('Shop server');
    expect(requests).toContain('Nothing with this id is in this workspace');
  });
});
