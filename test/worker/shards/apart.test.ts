import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newApiKey } from '../../../src/core/api-keys.ts';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';
import { expectError, rowsOf } from '../support/api.ts';
import { attempt } from '../support/deliveries.ts';
import { settledSession } from '../support/merchant-events.ts';
import { ORIGIN, payPath } from '../support/pay-page.ts';
import { call, newWorkspace } from '../support/workspace.ts';

describe('Two workspaces in two databases', () => {
  it('never see one another', async () => {
    const [first, second] = [await newWorkspace({ shard: '0' }), await newWorkspace({ shard: '1' })];
    for (const [shop, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const { id } = await settledSession(other);
      const link = await other.link();
      const [endpoint] = await rowsOf('webhook_endpoints', other.workspace.id);
      const [event] = await rowsOf('events', other.workspace.id);
      const paths = [
        ...[`/checkout-sessions/${id}`, `/payments/${id}`, `/payment-links/${link.token}`],
        ...[`/webhook-endpoints/${endpoint?.id}`, `/events/${event?.id}`],
      ];
      for (const path of paths) {
        expect((await call(other.key, 'GET', path)).status, path).toBe(200);
        await expectError(await call(shop.key, 'GET', path), 404, 'not_found');
      }
    }
    for (const shop of [first, second]) {
      const { data }: { data: { id: number }[] } = await (await call(shop.key, 'GET', '/payments')).json();
      expect(data.map(({ id }) => id)).toEqual((await rowsOf('payments', shop.workspace.id)).map(({ id }) => id));
    }
  });
});

describe('A key, token or id of a shard that has no database', () => {
  it('is unknown, like any other that nobody has', async () => {
    const key = newApiKey({ kind: 'secret', mode: 'sandbox', shard: '7' });
    await expectError(await call(key, 'GET', '/payments'), 401, 'invalid_api_key');
    const page = await exports.default.fetch(`${ORIGIN}${payPath(newPaymentLinkToken('7'))}`);
    expect(page.status).toBe(404);
  });

  it('is a queue message that comes again, because the database may be bound later', async () => {
    const id = `dlv_7${'a'.repeat(40)}`;
    const { acked, retried } = await attempt([id]);
    expect([acked, retried]).toEqual([[], ['message-0']]);
  });
});
