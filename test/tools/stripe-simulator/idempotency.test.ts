import Stripe from 'stripe';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Harness, refusal, startHarness } from '../../stripe-simulator/harness.ts';

const ACCOUNT = 'acct_shop';
let harness: Harness;

beforeEach(async () => {
  harness = startHarness();
  await harness.control('POST', '/_control/accounts', { id: ACCOUNT, charges_enabled: true });
});

function create(idempotencyKey: string, amountMinor = 500, stripeAccount = ACCOUNT) {
  return harness.stripe.checkout.sessions.create(
    {
      success_url: 'https://shop.example/done',
      line_items: [
        { quantity: 1, price_data: { currency: 'usd', unit_amount: amountMinor, product_data: { name: 'Mug' } } },
      ],
    },
    { stripeAccount, idempotencyKey },
  );
}

/** A header of the answer; with a fetch client the SDK keeps them as a Headers object. */
function header(answer: { lastResponse: { headers: Record<string, string> } }, name: string): string | null {
  return new Headers(answer.lastResponse.headers).get(name);
}

async function sessionCount(): Promise<number> {
  return (await harness.stripe.checkout.sessions.list({}, { stripeAccount: ACCOUNT })).data.length;
}

const fault = (fail_next: object) => harness.control('POST', '/_control/faults', { fail_next });

describe('idempotency keys', () => {
  it('replays the stored answer for the same parameters and says so', async () => {
    const first = await create('k1');
    const second = await create('k1');
    expect(second.id).toBe(first.id);
    expect(header(first, 'idempotent-replayed')).toBeNull();
    expect(header(second, 'idempotent-replayed')).toBe('true');
    expect(header(second, 'original-request')).toBe(first.lastResponse.requestId);
    expect(await sessionCount()).toBe(1);
  });

  it('refuses the same key with other parameters as an idempotency error', async () => {
    await create('k1', 500);
    const error = await refusal(create('k1', 600));
    expect(error).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError', rawType: 'idempotency_error' });
    expect(await sessionCount()).toBe(1);
  });

  it('keeps the keys of two accounts apart', async () => {
    await harness.control('POST', '/_control/accounts', { id: 'acct_other', charges_enabled: true });
    const one = await create('k1');
    const other = await create('k1', 700, 'acct_other');
    expect(other.id).not.toBe(one.id);
  });

  it('forgets a key after 24 hours', async () => {
    const first = await create('k1');
    await harness.control('POST', '/_control/clock', { advance_seconds: 86_400 });
    expect((await create('k1')).id).not.toBe(first.id);
  });

  it('does not keep the answer to parameters it refused', async () => {
    expect((await refusal(create('k1', 1))).code).toBe('amount_too_small');
    expect((await create('k1', 500)).amount_total).toBe(500);
  });

  it('keeps the refusal of an account that could not charge', async () => {
    await harness.control('POST', '/_control/accounts', { id: 'acct_new', charges_enabled: false });
    await refusal(create('k1', 500, 'acct_new'));
    await harness.control('POST', '/_control/accounts', { id: 'acct_new', charges_enabled: true });
    const error = await refusal(create('k1', 500, 'acct_new'));
    expect(error.headers?.['idempotent-replayed']).toBe('true');
  });

  it('answers 409 while the first request with the key is running', async () => {
    await harness.control('POST', '/_control/faults', { latency_ms: 1_500 });
    const first = create('k1');
    await expect
      .poll(async () => (await harness.control('GET', '/_control/sessions')).json)
      .toMatchObject({ data: [{}] });
    const error = await refusal(create('k1'));
    expect(error).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    expect((await create('k1')).id).toBe((await first).id);
  });
});

describe('planned failures', () => {
  it('fails before the work, so that a retry with the key succeeds', async () => {
    await fault({ count: 2, status: 503 });
    expect((await refusal(create('k1'))).statusCode).toBe(503);
    expect((await refusal(create('k1'))).statusCode).toBe(503);
    expect(await sessionCount()).toBe(0);
    await create('k1');
    expect(await sessionCount()).toBe(1);
  });

  it('replays a 500 that came after the work was committed', async () => {
    await fault({ count: 1, status: 500, after_commit: true });
    const first = await refusal(create('k1'));
    expect([first.statusCode, first.headers?.['idempotent-replayed']]).toEqual([500, undefined]);
    const second = await refusal(create('k1'));
    expect([second.statusCode, second.headers?.['idempotent-replayed']]).toEqual([500, 'true']);
    expect(await sessionCount()).toBe(1);
  });

  it('drops the connection after the work, and the key replays the success', async () => {
    await fault({ count: 1, status: 'network', after_commit: true });
    expect(await refusal(create('k1'))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    const session = await create('k1');
    expect(header(session, 'idempotent-replayed')).toBe('true');
    expect(await sessionCount()).toBe(1);
  });

  it('drops the connection before the work', async () => {
    await fault({ status: 0 });
    expect(await refusal(create('k1'))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(await sessionCount()).toBe(0);
  });

  it('answers 429 as the SDK’s rate limit error', async () => {
    await fault({ status: 429 });
    expect(await refusal(create('k1'))).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
  });

  it('leaves reads alone and touches only the account it is for', async () => {
    await harness.control('POST', '/_control/accounts', { id: 'acct_other', charges_enabled: true });
    await harness.control('POST', '/_control/faults', { account: 'acct_other', fail_next: { count: 1, status: 500 } });
    expect(await sessionCount()).toBe(0);
    await create('k1');
    expect((await refusal(create('k1', 500, 'acct_other'))).statusCode).toBe(500);
  });

  it('is over when the faults are replaced', async () => {
    await fault({ count: 5, status: 500 });
    await harness.control('POST', '/_control/faults', {});
    await create('k1');
    expect(await sessionCount()).toBe(1);
  });
});
