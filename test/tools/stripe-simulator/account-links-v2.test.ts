import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { BASE_URL, refusal } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, createV2, harness, useShop } from './support/shop.ts';

useShop();

const FLOW = {
  refresh_url: 'https://app.example/refresh',
  return_url: 'https://app.example/return',
  collection_options: { fields: 'currently_due' },
} as const;
const onboarding = { type: 'account_onboarding', account_onboarding: FLOW } as const;

function link(account: string, useCase: Stripe.V2.Core.AccountLinkCreateParams.UseCase = onboarding) {
  return harness.stripe.v2.core.accountLinks.create({ account, use_case: useCase });
}

describe('An account link of /v2', () => {
  it('is for ten minutes and says so', async () => {
    const { id } = await createV2();
    const made = await link(id);
    expect(made).toMatchObject({ object: 'v2.core.account_link', account: id, livemode: false, use_case: onboarding });
    expect(made.url.startsWith(`${BASE_URL}/setup/s/${id}/`)).toBe(true);
    expect(Date.parse(made.expires_at) - Date.parse(made.created)).toBe(600_000);
    expect(made.expires_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.000Z$/);
  });

  it('needs no return_url', async () => {
    const { id } = await createV2();
    const flow = { refresh_url: FLOW.refresh_url };
    expect((await link(id, { type: 'account_onboarding', account_onboarding: flow })).url).toContain(id);
  });

  it('is refused for an account that is unknown, of the other mode, or has left', async () => {
    const live = await harness.control('POST', '/_control/accounts', { id: 'acct_live', livemode: true });
    expect(live.status).toBe(200);
    for (const id of ['acct_none', 'acct_live']) {
      expect(await refusal(link(id))).toMatchObject({ statusCode: 404, code: 'not_found' });
    }
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/deauthorize`, {});
    expect(await refusal(link(ACCOUNT))).toMatchObject({ statusCode: 403, code: 'account_invalid' });
  });

  it('cannot be for an update where the account has a dashboard', async () => {
    const update = { type: 'account_update', account_update: FLOW } as const;
    for (const dashboard of ['express', 'full'] as const) {
      const { id } = await createV2({ dashboard });
      expect(await refusal(link(id, update))).toMatchObject({ statusCode: 400, message: /account_update/ });
    }
    const { id } = await createV2({ dashboard: 'none' });
    expect((await link(id, update)).use_case.type).toBe('account_update');
  });

  it.each([
    ['no refresh_url', { type: 'account_onboarding', account_onboarding: { return_url: FLOW.return_url } }],
    ['an address that is none', { type: 'account_onboarding', account_onboarding: { ...FLOW, return_url: 'shop' } }],
    ['no flow', { type: 'account_onboarding' }],
    ['an unknown use case', { type: 'recipient_onboarding' }],
    [
      'a parameter of the use case that is not there',
      { type: 'account_onboarding', account_onboarding: { ...FLOW, configurations: ['merchant'] } },
    ],
  ])('is refused with %s', async (_what, useCase) => {
    const call = harness.stripe.rawRequest('POST', '/v2/core/account_links', { account: ACCOUNT, use_case: useCase });
    expect(await refusal(call)).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' });
  });
});
