import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { newFormId } from '../../../src/core/ids.ts';
import { formatMoney } from '../../../src/core/money/money.ts';
import { revokeKey } from '../../../src/domain/keys/revoke-key.ts';
import { accountOf, expectError } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { askStatus, boot, expectEmbedded, newWidget, postSession, SHOP, type Widget } from '../support/embed.ts';
import { countedBindings } from '../support/pay-page.ts';
import { deliverStripeEvents, type PayOutcome, pay } from '../support/simulator.ts';
import { operatorContext } from '../support/workspace.ts';

beforeEach(freezeTime);
afterEach(() => void vi.useRealTimers());

async function opened(widget: Widget) {
  const t = (await boot(widget)).token;
  const form = { t, form: newFormId(), reference: '1042', email: 'buyer@example.com' };
  return { t, session: await expectEmbedded(await postSession(form)) };
}

describe('the status of a session', () => {
  it.each([
    [null, 'confirming'],
    ['paid', 'succeeded'],
    ['declined', 'confirming'],
    ['processing', 'processing'],
    ['processing_succeeded', 'succeeded'],
    ['processing_failed', 'failed'],
    ['expired', 'expired'],
  ] as const satisfies readonly (readonly [PayOutcome | null, string])[])(
    'after %s is %s, and shows no e-mail, in one database round trip',
    async (outcome, status) => {
      const widget = await newWidget();
      const { t, session } = await opened(widget);
      if (outcome !== null) await pay(session.session_id, outcome);
      await deliverStripeEvents(accountOf(widget.shop.account));
      const bindings = countedBindings();
      const response = await askStatus(t, session.session_id, { bindings });
      expect(response.status).toBe(200);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
      expect(await response.json()).toEqual({
        data: {
          status,
          payment_id: session.payment_id,
          amount_cents: 5000,
          currency: 'GBP',
          amount_text: '£50.00',
          reference: '1042',
        },
      });
      expect(bindings.counts).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    },
  );

  it('has the amount in the language of the frame', async () => {
    const { t, session } = await opened(await newWidget());
    const answer = z.object({ data: z.object({ amount_text: z.string() }) });
    const texts = [];
    for (const lang of ['en-GB', 'de', 'ar-EG', 'xx']) {
      const response = await askStatus(t, session.session_id, { lang });
      texts.push(answer.parse(await response.json()).data.amount_text);
    }
    expect(texts).toEqual([
      '£50.00',
      '50,00\u00a0£',
      formatMoney({ amountMinor: 5000, currency: 'GBP' }, 'ar-EG'),
      '£50.00',
    ]);
  });

  it('can be read for an hour, even with a key that was revoked meanwhile', async () => {
    const widget = await newWidget();
    const { t, session } = await opened(widget);
    await revokeKey(operatorContext(widget.shop.shard), widget.keyId);
    passTime(60 * 60_000 - 1);
    expect((await askStatus(t, session.session_id)).status).toBe(200);
    passTime(1);
    await expectError(await askStatus(t, session.session_id), 401, 'invalid_embed_token');
  });

  it('can be read only with a token of its own link', async () => {
    const [widget, other] = [await newWidget(), await newWidget()];
    const { session } = await opened(widget);
    const { t } = await opened(other);
    await expectError(await askStatus(t, session.session_id), 404, 'not_found');
    for (const id of ['', 'cs_x', "cs_' OR 1=1", 'x'.repeat(500)]) {
      await expectError(await askStatus(t, id), 404, 'not_found');
    }
    for (const forged of ['', 'x', `${t}x`]) {
      await expectError(await askStatus(forged, session.session_id), 401, 'invalid_embed_token');
    }
  });

  it('can be read by no other site', async () => {
    const { t, session } = await opened(await newWidget());
    const foreign: Record<string, string>[] = [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: SHOP }];
    for (const headers of foreign) {
      const response = await askStatus(t, session.session_id, { headers });
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
      await expectError(response, 403, 'origin_not_allowed');
    }
  });
});
