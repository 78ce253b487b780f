import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { DatabaseBindings } from '../../../src/core/shards.ts';
import { issueKey } from '../../../src/domain/keys/issue-key.ts';
import { createEndpoint } from '../../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { wrapD1 } from '../../worker/support/counting.ts';
import { TestApp } from '../support/app.ts';
import { seedEvents, seedFailed } from '../support/events.ts';
import { type AtWork, atWork, pageOf, textOf } from '../support/screens.ts';

let trips = 0;
const databases = wrapD1(z.custom<DatabaseBindings>().parse(env), (call) => {
  trips += 1;
  return call();
});
const app = new TestApp({}, databases);

/** The round trips of every page of a person in a workspace: the session, the rights and the workspace. */
const COMMON = 3;

async function tripsOf(at: AtWork, path: string): Promise<number> {
  trips = 0;
  await pageOf(await at.browser.get(path));
  return trips - COMMON;
}

/** A workspace with a key, an endpoint, and a failed delivery. */
async function inUse() {
  const at = await atWork(app);
  const context = await at.context();
  const { endpoint } = await createEndpoint(context, { url: 'https://hooks.example.com/in' });
  const key = { kind: 'secret', name: 'Shop', scopes: [], allowedOrigins: [], rateLimitPerMinute: 60 } as const;
  const issued = await issueKey(context, key);
  const [event = ''] = await seedEvents(at.workspaceId, 1, { paymentId: 8123, type: 'payments.payment.failed' });
  const [delivery = ''] = await seedFailed(at.workspaceId, endpoint.id, [event]);
  return { at, endpoint, key: issued.key, event, delivery };
}

describe('The pages for developers', () => {
  it('each read the database in at most three round trips of their own', async () => {
    const { at, endpoint, key, event, delivery } = await inUse();
    const pages = [
      ...['keys', 'keys?revoked=shown', 'keys/new', `keys/${key.id}/revoke`, 'public-keys/new'],
      ...['webhooks', 'webhooks/new', `webhooks/${endpoint.id}`, `webhooks/${endpoint.id}/edit`],
      ...['rotate', 'replay', 'delete'].map((name) => `webhooks/${endpoint.id}/${name}`),
      ...[`deliveries/${delivery}`, 'events', `events/${event}`, 'requests'],
    ];
    for (const page of pages) {
      expect([page, await tripsOf(at, at.path(`developers/${page}`))]).toEqual([page, expect.toSatisfy(isAtMostThree)]);
    }
  });

  it('are reached by the address of the screen', async () => {
    const { at } = await inUse();
    const response = await at.browser.get(at.path('developers'));
    expect([response.status, response.headers.get('Location')]).toEqual([303, at.path('developers/keys')]);
  });
});

const isAtMostThree = (count: number) => count >= 0 && count <= 3;

describe('The curl of a page', () => {
  it('names the scope that its key needs, and says where a key for everything lacks it', async () => {
    const { at } = await inUse();
    const textAt = async (page: string) => textOf(await pageOf(await at.browser.get(at.path(`developers/${page}`))));
    const lacking = 'not included in “everything but public keys”';
    for (const page of ['keys', 'public-keys/new']) {
      expect(await textAt(page)).toContain(`It needs this scope: service.payments.keys.write (${lacking})`);
    }
    const events = await textAt('events');
    expect(events).toContain('It needs this scope: service.payments.webhooks.read');
    expect(events).not.toContain(lacking);
  });
});

describe('The list of events', () => {
  it('leads to an event, with its payment, its deliveries and its JSON', async () => {
    const { at, event, delivery } = await inUse();
    const list = await pageOf(await at.browser.get(at.path('developers/events')));
    expect(list).toContain(at.path(`developers/events/${event}`));
    const page = await pageOf(await at.browser.get(at.path(`developers/events/${event}`)));
    expect(page).toContain(`href="${at.path('payments/8123')}"`);
    expect(page).toContain(at.path(`developers/deliveries/${delivery}`));
    expect(textOf(page)).toContain('"payment_id": 8123');
    expect(textOf(page)).toContain('hooks.example.com/in');
  });

  it('shows one type, and one range of time, and goes on to older ones', async () => {
    const { at } = await inUse();
    await seedEvents(at.workspaceId, 30, { at: Date.UTC(2026, 10, 1, 12) });
    const failed = textOf(
      await pageOf(await at.browser.get(at.path('developers/events?type=payments.payment.failed'))),
    );
    expect(failed).not.toContain('The money has arrived');
    const ofDay = 'developers/events?from=2026-11-01T00:00&until=2026-11-02T00:00';
    const first = await pageOf(await at.browser.get(at.path(ofDay)));
    expect(first.match(/The money has arrived/g)).toHaveLength(25);
    expect(textOf(first)).toContain('created_after=2026-11-01T00%3A00%3A00.000Z');
    const next = /href="([^"]*cursor=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await pageOf(await at.browser.get(next));
    expect(second.match(/The money has arrived/g)).toHaveLength(5);
  });

  it('ignores a query that nobody can mean', async () => {
    const { at } = await inUse();
    const page = await pageOf(await at.browser.get(at.path('developers/events?type=x&from=soon&cursor=y')));
    expect(textOf(page)).toContain('payments.payment.failed');
  });
});

describe('The deliveries of an endpoint', () => {
  it('are shown by their state, and go on to older ones', async () => {
    const { at, endpoint } = await inUse();
    await seedFailed(at.workspaceId, endpoint.id, await seedEvents(at.workspaceId, 30));
    const path = at.path(`developers/webhooks/${endpoint.id}`);
    const first = await pageOf(await at.browser.get(`${path}?status=failed`));
    expect(first.match(/developers\/deliveries\/dlv_/g)).toHaveLength(25);
    const next = /href="([^"]*cursor=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(next).toContain('status=failed');
    expect((await pageOf(await at.browser.get(next))).match(/developers\/deliveries\/dlv_/g)).toHaveLength(6);
    const waiting = textOf(await pageOf(await at.browser.get(`${path}?status=pending`)));
    expect(waiting).toContain('No deliveries here');
  });
});
