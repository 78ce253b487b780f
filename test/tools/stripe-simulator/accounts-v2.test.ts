import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { refusal } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, createV2, harness, NEW_ACCOUNT, request, SINCE_EXPRESS, useShop } from './support/shop.ts';

useShop();

const ALL: Stripe.V2.Core.AccountRetrieveParams.Include[] = [
  'configuration.merchant',
  'defaults',
  'identity',
  'requirements',
  'future_requirements',
];
const retrieve = (id: string) => harness.stripe.v2.core.accounts.retrieve(id, { include: ALL });

const requestsSchema = z.object({ data: z.array(z.object({ path: z.string(), replayed: z.boolean() })) });

describe('An account made by /v2', () => {
  it('has what was sent, shows only what is included, and cannot charge yet', async () => {
    const account = await createV2();
    expect(account).toMatchObject({
      object: 'v2.core.account',
      applied_configurations: ['merchant'],
      contact_email: 'ann@example.com',
      dashboard: 'express',
      display_name: 'Ann & Co',
      livemode: false,
      metadata: { workspace: 'w1' },
      defaults: null,
      identity: null,
      future_requirements: null,
      configuration: {
        customer: null,
        merchant: {
          applied: true,
          capabilities: {
            card_payments: {
              status: 'restricted',
              status_details: [{ code: 'requirements_past_due', resolution: 'provide_info' }],
            },
            stripe_balance: { payouts: { status: 'restricted' } },
          },
        },
      },
      requirements: { summary: { minimum_deadline: { status: 'past_due', time: null } } },
    });
    expect(account.created).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.000Z$/);
    expect(account.requirements?.entries).toContainEqual({
      awaiting_action_from: 'user',
      description: 'external_account',
      errors: [],
      impact: {
        restricts_capabilities: [
          { capability: 'stripe_balance.payouts', configuration: 'merchant', deadline: { status: 'past_due' } },
        ],
      },
      minimum_deadline: { status: 'past_due' },
      reference: null,
      requested_reasons: [{ code: 'routine_onboarding' }],
    });
    expect(await retrieve(account.id)).toMatchObject({
      defaults: {
        profile: { doing_business_as: 'Ann', business_url: 'https://ann.example' },
        responsibilities: { fees_collector: 'stripe', losses_collector: 'stripe', requirements_collector: 'stripe' },
      },
      identity: { country: 'gb' },
    });
    expect(await harness.stripe.v2.core.accounts.retrieve(account.id)).toMatchObject({
      configuration: null,
      requirements: null,
    });
  });

  it('is read by /v1 too', async () => {
    const { id } = await createV2();
    const account = await harness.stripe.accounts.retrieve(id);
    expect(account).toMatchObject({
      country: 'GB',
      email: 'ann@example.com',
      charges_enabled: false,
      payouts_enabled: false,
      details_submitted: false,
      capabilities: { card_payments: 'inactive' },
      business_profile: { name: 'Ann', url: 'https://ann.example' },
      settings: { dashboard: { display_name: 'Ann & Co' } },
      controller: { stripe_dashboard: { type: 'express' }, losses: { payments: 'stripe' }, fees: { payer: 'account' } },
      metadata: { workspace: 'w1' },
      type: 'none',
    });
    expect(account.requirements?.past_due).toContain('external_account');
    expect((await harness.stripe.accounts.list()).data.map((one) => one.id)).toContain(id);
  });

  it('is named by display_name if it has no other name', async () => {
    const named = await createV2({ defaults: { responsibilities: NEW_ACCOUNT.defaults.responsibilities } });
    expect((await harness.stripe.accounts.retrieve(named.id)).business_profile?.name).toBe('Ann & Co');
  });

  it('can have the Express dashboard without a liability of the platform only since 2026-11-18', async () => {
    const pinned = await refusal(harness.stripe.v2.core.accounts.create(NEW_ACCOUNT));
    expect(pinned).toMatchObject({
      statusCode: 400,
      code: 'account_controller_express_dash_without_application_losses_or_fees',
    });
    const full = await harness.stripe.v2.core.accounts.create({ ...NEW_ACCOUNT, dashboard: 'full' });
    expect((await harness.stripe.accounts.retrieve(full.id)).type).toBe('standard');
    const responsibilities = { fees_collector: 'application', losses_collector: 'application' } as const;
    expect(
      await harness.stripe.v2.core.accounts.create({ ...NEW_ACCOUNT, defaults: { responsibilities } }),
    ).toMatchObject({ dashboard: 'express' });
  });

  it('belongs to its mode: the key of the other mode does not see it', async () => {
    const test = await createV2();
    const live = await harness.liveStripe.v2.core.accounts.create(NEW_ACCOUNT, SINCE_EXPRESS);
    expect(live.livemode).toBe(true);
    expect(live.id).not.toBe(test.id);
    expect(await refusal(retrieve(live.id))).toMatchObject({ statusCode: 404, code: 'not_found' });
    expect(await refusal(harness.stripe.accounts.retrieve(live.id))).toMatchObject({ statusCode: 403 });
    expect(await refusal(harness.liveStripe.v2.core.accounts.retrieve(test.id))).toMatchObject({ statusCode: 404 });
  });
});

describe('/v2 refuses', () => {
  it.each([
    ['an unknown parameter', { contact_mail: 'x' }, 'unknown_field', /contact_mail/],
    [
      'an unknown parameter inside another',
      { identity: { country: 'GB', land: 'x' } },
      'unknown_field',
      /identity\.land/,
    ],
    [
      'a capability that goes with the configuration',
      { configuration: { merchant: { capabilities: { stripe_balance: { payouts: { requested: true } } } } } },
      'unknown_field',
      /configuration\.merchant\.capabilities\.stripe_balance/,
    ],
    ['an unknown dashboard', { dashboard: 'half' }, 'invalid_fields', /dashboard/],
    ['no country', { identity: {} }, 'identity_country_required', /identity\.country/],
    ['a country without Stripe', { identity: { country: 'KP' } }, 'unsupported_country', /KP/],
    ['an e-mail address that is none', { contact_email: 'ann' }, 'email_invalid', /contact_email/],
    ['no e-mail address', { contact_email: undefined }, 'invalid_fields', /contact_email/],
    ['nobody responsible', { defaults: {} }, 'invalid_fields', /defaults\.responsibilities/],
  ])('%s', async (_what, overrides, code, message) => {
    const refused = await refusal(createV2(overrides));
    expect(refused).toMatchObject({ statusCode: 400, code, type: 'StripeInvalidRequestError' });
    expect(refused.message).toMatch(message);
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(refused.raw))).not.toContain('doc_url');
  });

  it('a form, a call without a version, a call without a key, and an unknown path', async () => {
    const headers = { authorization: 'Bearer sk_test_x', 'stripe-version': '2026-10-28.endive' };
    const post = (init: RequestInit) => request('/v2/core/accounts', { method: 'POST', ...init });
    const form = await post({ headers, body: 'contact_email=ann%40example.com' });
    expect([form.status, await form.json()]).toMatchObject([400, { error: { code: 'invalid_request_body' } }]);
    const noVersion = await post({ headers: { authorization: 'Bearer sk_test_x' }, body: '{}' });
    expect(await noVersion.json()).toMatchObject({ error: { code: 'missing_stripe_version' } });
    expect((await post({ headers: { 'stripe-version': '2026-10-28.endive' }, body: '{}' })).status).toBe(401);
    const unknown = await request('/v2/core/nothing', { headers });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
  });

  it('an account that is unknown, has left, or is too new for /v2', async () => {
    expect(await refusal(retrieve('acct_none'))).toMatchObject({ statusCode: 404, code: 'not_found' });
    await harness.control('POST', '/_control/conditions', { account: ACCOUNT, not_yet_compatible_with_v2: true });
    expect(await refusal(retrieve(ACCOUNT))).toMatchObject({
      statusCode: 400,
      code: 'account_not_yet_compatible_with_v2',
    });
    expect((await harness.stripe.accounts.retrieve(ACCOUNT)).id).toBe(ACCOUNT);
    await harness.control('POST', '/_control/conditions', { account: ACCOUNT, forbid: 'account_invalid' });
    expect(await refusal(retrieve(ACCOUNT))).toMatchObject({ statusCode: 403, code: 'account_invalid' });
    await harness.control('POST', '/_control/conditions', { account: ACCOUNT });
    expect((await retrieve(ACCOUNT)).id).toBe(ACCOUNT);
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/deauthorize`, {});
    expect(await refusal(retrieve(ACCOUNT))).toMatchObject({
      statusCode: 403,
      code: 'account_invalid',
      type: 'StripePermissionError',
    });
  });
});

describe('An account made by /v1 or the control API', () => {
  it('is read by /v2 too', async () => {
    expect(await retrieve(ACCOUNT)).toMatchObject({
      dashboard: 'full',
      configuration: {
        merchant: {
          capabilities: {
            card_payments: { status: 'active', status_details: [] },
            stripe_balance: { payouts: { status: 'active' } },
          },
        },
      },
      requirements: { entries: [], summary: null },
    });
    const { id } = await harness.stripe.accounts.create({ type: 'express', country: 'DE' });
    expect(await retrieve(id)).toMatchObject({
      dashboard: 'express',
      identity: { country: 'de' },
      defaults: { responsibilities: { losses_collector: 'application' } },
      configuration: { merchant: { capabilities: { card_payments: { status: 'restricted' } } } },
    });
  });
});

describe('An idempotency key of /v2', () => {
  const withKey = { ...SINCE_EXPRESS, idempotencyKey: 'k1' };
  const make = (overrides: object = {}) =>
    harness.stripe.v2.core.accounts.create({ ...NEW_ACCOUNT, ...overrides }, withKey);

  it('gives the same account for the same body, and is refused for another', async () => {
    const first = await make();
    expect((await make()).id).toBe(first.id);
    expect(await refusal(make({ display_name: 'Bob' }))).toMatchObject({
      statusCode: 400,
      type: 'StripeIdempotencyError',
    });
    const { data } = requestsSchema.parse((await harness.control('GET', '/_control/requests')).json);
    expect(data.map(({ replayed }) => replayed)).toEqual([false, true, false]);
  });

  it('is in use while its first request runs', async () => {
    const [first, second] = await Promise.allSettled([make(), make()]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    expect(second).toMatchObject({ reason: { statusCode: 409, code: 'idempotency_key_in_use' } });
  });

  it('executes a failed request again', async () => {
    await harness.control('POST', '/_control/faults', { fail_next: { count: 1, status: 500 } });
    expect(await refusal(make())).toMatchObject({ statusCode: 500, code: 'internal_error' });
    expect(await refusal(make({ identity: { country: 'KP' } }))).toMatchObject({ code: 'unsupported_country' });
    expect((await make()).dashboard).toBe('express');
  });

  it('gives the account that was made although its answer was lost', async () => {
    const ids = async () => (await harness.stripe.accounts.list()).data.map(({ id }) => id);
    await harness.control('POST', '/_control/faults', { fail_next: { count: 1, status: 500, after_commit: true } });
    expect(await refusal(make())).toMatchObject({ statusCode: 500 });
    const made = (await ids()).filter((id) => id !== ACCOUNT);
    expect((await make()).id).toBe(made[0]);
    expect(await ids()).toHaveLength(2);
  });

  it('is known for 30 days', async () => {
    const first = await make();
    await harness.control('POST', '/_control/clock', { advance_seconds: 29 * 86_400 });
    expect((await make()).id).toBe(first.id);
    await harness.control('POST', '/_control/clock', { advance_seconds: 86_400 });
    expect((await make()).id).not.toBe(first.id);
  });
});
