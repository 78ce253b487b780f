import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import { auditLog, deliveries, webhookEndpoints } from '../../../src/db/schema.ts';
import { sinkRequests, sinkUrl } from '../../worker/support/simulator.ts';
import { TestApp } from '../support/app.ts';
import { seedEvents, seedFailed } from '../support/events.ts';
import { type AtWork, atWork, formIdOf, pageOf, textOf } from '../support/screens.ts';
import { directory, newMember } from '../support/team.ts';
import { attemptNow } from '../support/webhooks.ts';

const app = new TestApp();

const endpointsOf = ({ workspaceId }: AtWork) =>
  directory.select().from(webhookEndpoints).where(eq(webhookEndpoints.workspaceId, workspaceId));
const deliveriesOf = ({ workspaceId }: AtWork) =>
  directory.select().from(deliveries).where(eq(deliveries.workspaceId, workspaceId));
const secretOn = (page: string) => /whsec_[A-Za-z0-9+/]{43}=/.exec(page)?.[0] ?? '';

const change = ({ workspaceId }: AtWork, row: Partial<typeof webhookEndpoints.$inferSelect>) =>
  directory.update(webhookEndpoints).set(row).where(eq(webhookEndpoints.workspaceId, workspaceId));

async function newForm(at: AtWork): Promise<string[][]> {
  return [['form', formIdOf(await pageOf(await at.browser.get(at.path('developers/webhooks/new'))))]];
}

/** An endpoint at a sink of its own. */
async function withEndpoint(options: Parameters<typeof atWork>[1] = {}) {
  const at = await atWork(app, options);
  const sink = `sink-${at.workspaceId}`;
  await pageOf(await at.browser.post(at.path('developers/webhooks'), [...(await newForm(at)), ['url', sinkUrl(sink)]]));
  const [endpoint] = await endpointsOf(at);
  if (!endpoint) throw new Error('There is no endpoint');
  const path = at.path(`developers/webhooks/${endpoint.id}`);
  const ping = async () => {
    const form = formIdOf(await pageOf(await at.browser.get(path)));
    return await at.browser.post(`${path}/ping`, { form });
  };
  return { at, sink, endpoint, path, ping };
}

describe('An endpoint', () => {
  it('is made once, and its form shows the secret again only within a minute', async () => {
    const at = await atWork(app, { role: 'developer' });
    const sent = [
      ...(await newForm(at)),
      ['url', 'https://Hooks.Example.com/in'],
      ['which', 'some'],
      ['event', 'payments.payment.succeeded'],
      ['event', 'payments.dispute.opened'],
      ['description', 'The shop'],
    ];
    const page = await at.browser.post(at.path('developers/webhooks'), sent);
    expect(page.headers.get('Cache-Control')).toBe('no-store');
    const secret = secretOn(await pageOf(page));
    expect(secret).not.toBe('');
    const again = await at.browser.post(at.path('developers/webhooks'), sent);
    expect(again.headers.get('Cache-Control')).toBe('no-store');
    expect(secretOn(await pageOf(again))).toBe(secret);

    await change(at, { createdAt: Date.now() - 61_000 });
    const later = await pageOf(await at.browser.post(at.path('developers/webhooks'), sent));
    expect(secretOn(later)).toBe('');
    expect(textOf(later)).toContain('This was done already');
    expect(await endpointsOf(at)).toMatchObject([
      {
        url: 'https://hooks.example.com/in',
        events: ['payments.payment.succeeded', 'payments.dispute.opened'],
        description: 'The shop',
      },
    ]);
  });

  it.each([
    ['http://hooks.example.com', 'The address must begin with https://'],
    ['https://10.0.0.1/in', 'no port but 443'],
    ['', 'no port but 443'],
  ])('is refused at "%s", with a reason and what was typed', async (url, reason) => {
    const at = await atWork(app);
    const sent = [...(await newForm(at)), ['url', url], ['which', 'some'], ['description', 'Kept']];
    const page = await pageOf(await at.browser.post(at.path('developers/webhooks'), sent), 422);
    expect(textOf(page)).toContain(reason);
    expect(textOf(page)).toContain('Tick at least one kind of event');
    expect(page).toContain('value="Kept"');
    expect(await endpointsOf(at)).toEqual([]);
  });

  it('is changed', async () => {
    const { at, path } = await withEndpoint();
    expect(await pageOf(await at.browser.get(`${path}/edit`))).toContain(sinkUrl(`sink-${at.workspaceId}`));
    const change = { url: 'https://hooks.example.com/new', which: 'some', event: 'payments.payment.failed' };
    const response = await at.browser.post(`${path}/edit`, change);
    expect(response.headers.get('Location')).toBe(`${path}?done=saved`);
    expect(await endpointsOf(at)).toMatchObject([
      { url: 'https://hooks.example.com/new', events: ['payments.payment.failed'], description: null },
    ]);
  });

  it('has no secret to show to the form that made it, once that secret was changed', async () => {
    const at = await atWork(app);
    const sent = [...(await newForm(at)), ['url', sinkUrl(`sink-${at.workspaceId}`)]];
    await pageOf(await at.browser.post(at.path('developers/webhooks'), sent));
    const [endpoint] = await endpointsOf(at);
    const path = at.path(`developers/webhooks/${endpoint?.id}/rotate`);
    await pageOf(await at.browser.post(path, { form: formIdOf(await pageOf(await at.browser.get(path))) }));
    expect(secretOn(await pageOf(await at.browser.post(at.path('developers/webhooks'), sent)))).toBe('');
  });

  it('gets one new secret from a form, which shows it again only within a minute, and to nobody else', async () => {
    const { at, path } = await withEndpoint();
    const form = formIdOf(await pageOf(await at.browser.get(`${path}/rotate`)));
    const secret = secretOn(await pageOf(await at.browser.post(`${path}/rotate`, { form })));
    expect(secret).not.toBe('');
    expect(secretOn(await pageOf(await at.browser.post(`${path}/rotate`, { form })))).toBe(secret);

    const { browser: colleague } = await newMember(app, at.organisation, 'developer');
    const refused = await pageOf(await colleague.post(`${path}/rotate`, { form: newFormId() }), 409);
    expect(secretOn(refused)).toBe('');

    const [rotated] = await endpointsOf(at);
    await change(at, { previousSecretValidUntil: (rotated?.previousSecretValidUntil ?? 0) - 61_000 });
    const later = await pageOf(await at.browser.post(`${path}/rotate`, { form }));
    expect(secretOn(later)).toBe('');
    expect(textOf(later)).toContain('your server goes on with the old one');
  });

  it('gets a new secret, and a second one within 7 days only if the old one is ended', async () => {
    const { at, path, endpoint } = await withEndpoint();
    const form = formIdOf(await pageOf(await at.browser.get(`${path}/rotate`)));
    await pageOf(await at.browser.post(`${path}/rotate`, { form }));
    const [once] = await endpointsOf(at);
    expect(once?.sealedPreviousSecret).toBe(endpoint.sealedSecret);

    const second = await pageOf(await at.browser.get(`${path}/rotate`));
    expect(textOf(second)).toContain('The one before it still works until:');
    const refused = await pageOf(await at.browser.post(`${path}/rotate`, { form: formIdOf(second) }), 409);
    expect(textOf(refused)).toContain('The secret was changed less than 7 days ago');
    const forced = await at.browser.post(`${path}/rotate`, { form: formIdOf(second), force: 'true' });
    expect(secretOn(await pageOf(forced))).not.toBe('');
    expect((await endpointsOf(at))[0]?.sealedPreviousSecret).toBe(once?.sealedSecret);
  });

  it('gets one test from a form that is sent twice', async () => {
    const { at, path, sink } = await withEndpoint();
    const form = formIdOf(await pageOf(await at.browser.get(path)));
    const answers = [await at.browser.post(`${path}/ping`, { form }), await at.browser.post(`${path}/ping`, { form })];
    const [delivery, ...more] = await deliveriesOf(at);
    expect(more).toEqual([]);
    const address = at.path(`developers/deliveries/${delivery?.id}`);
    expect(answers.map(({ headers }) => headers.get('Location'))).toEqual([address, address]);
    await attemptNow([delivery?.id ?? '']);
    expect(await sinkRequests(sink)).toHaveLength(1);
  });

  it('is switched off and on again, and what it missed is sent', async () => {
    const { at, path, ping, endpoint } = await withEndpoint();
    await ping();
    expect((await at.browser.post(`${path}/disable`)).headers.get('Location')).toBe(path);
    const off = textOf(await pageOf(await at.browser.get(path)));
    expect(off).toContain('It was switched off here or with your API');
    expect(off).not.toContain('Send a test');
    expect(textOf(await pageOf(await at.browser.get(`${path}/replay`), 409))).toContain(
      'This endpoint is switched off',
    );
    const on = await at.browser.post(`${path}/enable`);
    expect(on.headers.get('Location')).toBe(`${path}?done=enabled&count=0`);
    expect(await endpointsOf(at)).toMatchObject([{ id: endpoint.id, status: 'enabled' }]);
  });

  it('is deleted on a page of its own', async () => {
    const { at, path } = await withEndpoint();
    expect(textOf(await pageOf(await at.browser.get(`${path}/delete`)))).toContain('Delete this endpoint?');
    expect(await endpointsOf(at)).toHaveLength(1);
    expect((await at.browser.post(`${path}/delete`)).headers.get('Location')).toBe(at.path('developers/webhooks'));
    expect(await endpointsOf(at)).toEqual([]);
    await pageOf(await at.browser.get(path), 404);
    const entries = await directory.select().from(auditLog).where(eq(auditLog.workspaceId, at.workspaceId));
    expect(entries.map(({ action }) => action)).toEqual(['webhook_endpoint.create', 'webhook_endpoint.delete']);
  });

  it('is not found from another workspace, nor is its delivery', async () => {
    const { at, path, ping } = await withEndpoint();
    const delivery = ((await ping()).headers.get('Location') ?? '').split('/').at(-1);
    const stranger = await atWork(app);
    const id = path.split('/').at(-1);
    for (const rest of [`webhooks/${id}`, `webhooks/${id}/edit`, `webhooks/${id}/rotate`, `deliveries/${delivery}`]) {
      await pageOf(await stranger.browser.get(stranger.path(`developers/${rest}`)), 404);
    }
    for (const rest of [`webhooks/${id}/delete`, `webhooks/${id}/disable`, `deliveries/${delivery}/redeliver`]) {
      await pageOf(await stranger.browser.post(stranger.path(`developers/${rest}`)), 404);
    }
    expect(await endpointsOf(at)).toMatchObject([{ status: 'enabled' }]);
  });
});

describe('Sending events again', () => {
  it('queues those of the time that did not arrive', async () => {
    const { at, path, endpoint } = await withEndpoint();
    await seedFailed(at.workspaceId, endpoint.id, await seedEvents(at.workspaceId, 1));
    const page = await pageOf(await at.browser.get(`${path}/replay`));
    const since = /name="since"[^>]*value="([^"]+)"/.exec(page)?.[1] ?? '';
    const made = /name="made" value="(\d+)"/.exec(page)?.[1] ?? '';
    const sent = { since, until: '', status: '', made };
    const first = await at.browser.post(`${path}/replay`, sent);
    expect(first.headers.get('Location')).toBe(`${path}?done=queued&count=1`);
    expect(await deliveriesOf(at)).toMatchObject([{ status: 'pending' }]);
    expect(textOf(await pageOf(await at.browser.get(`${path}?done=queued&count=1`)))).toContain('Queued: 1.');
  });

  it('refuses a time that ends before it begins', async () => {
    const { at, path } = await withEndpoint();
    const sent = { since: '2026-11-30T10:00', until: '2026-11-29T10:00', status: '' };
    const page = await pageOf(await at.browser.post(`${path}/replay`, sent), 422);
    expect(textOf(page)).toContain('Give a time that is not later than the end');
    expect(page).toContain('value="2026-11-29T10:00"');
  });

  it('of one delivery happens once for a page, however often its button is pressed', async () => {
    const { at, ping } = await withEndpoint();
    const address = (await ping()).headers.get('Location') ?? '';
    const [delivery] = await deliveriesOf(at);
    await attemptNow([delivery?.id ?? '']);
    const made = /name="made" value="(\d+)"/.exec(await pageOf(await at.browser.get(address)))?.[1] ?? '';
    for (const _ of [1, 2]) await at.browser.post(`${address}/redeliver`, { made });
    const entries = await directory.select().from(auditLog).where(eq(auditLog.workspaceId, at.workspaceId));
    expect(entries.filter(({ action }) => action === 'delivery.redeliver')).toHaveLength(1);
  });
});
