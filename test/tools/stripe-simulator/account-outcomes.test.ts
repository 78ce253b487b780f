import { describe, expect, it } from 'vitest';
import { ENDPOINTS, refusal } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, create, createV2, drain, harness, NEW_ACCOUNT, useShop, verified } from './support/shop.ts';

useShop();

const DOCUMENT = 'individual.verification.document';
const DOCUMENT_IN_V2 = 'identity.individual.documents.primary_verification';
const DAY_MS = 86_400_000;

function decide(id: string, outcome: string, more: object = {}) {
  return harness.control('POST', `/_control/accounts/${id}/outcome`, { outcome, ...more });
}

const inV1 = (id: string) => harness.stripe.accounts.retrieve(id);

/** The state of the account in /v2, in short. */
async function inV2(id: string) {
  const account = await harness.stripe.v2.core.accounts.retrieve(id, {
    include: ['configuration.merchant', 'requirements'],
  });
  const capabilities = account.configuration?.merchant?.capabilities;
  return {
    cards: capabilities?.card_payments?.status,
    why: capabilities?.card_payments?.status_details.map(({ code }) => code),
    payouts: capabilities?.stripe_balance?.payouts?.status,
    entries: account.requirements?.entries?.map((entry) => [
      entry.description,
      entry.awaiting_action_from,
      entry.minimum_deadline.status,
    ]),
    summary: account.requirements?.summary?.minimum_deadline ?? null,
  };
}

/** The events sent to the test endpoint since the last call, with what changed. */
async function sent() {
  const requests = (await drain()).filter(({ url }) => url === ENDPOINTS.test.url);
  return requests.map((request) => verified(request, ENDPOINTS.test.secret));
}

describe('An outcome for an account of /v2', () => {
  it.each([
    ['ready', 'active', [], 'active', []],
    ['in_review', 'active', [], 'active', [[DOCUMENT_IN_V2, 'stripe', 'currently_due']]],
    [
      'in_review_without_charges',
      'pending',
      ['requirements_pending_verification'],
      'pending',
      [[DOCUMENT_IN_V2, 'stripe', 'currently_due']],
    ],
    ['rejected', 'rejected', ['rejected_other'], 'rejected', []],
    ['payouts_held', 'active', [], 'restricted', [['external_account', 'user', 'past_due']]],
    ['cards_not_granted', 'restricted', ['restricted_other'], 'active', []],
    [
      'document_needed',
      'restricted',
      ['requirements_past_due'],
      'restricted',
      [[DOCUMENT_IN_V2, 'user', 'currently_due']],
    ],
    ['requirement_due', 'active', [], 'active', [[DOCUMENT_IN_V2, 'user', 'currently_due']]],
    ['loses_cards', 'restricted', ['requirements_past_due'], 'active', [[DOCUMENT_IN_V2, 'user', 'past_due']]],
  ])('%s: cards are %s', async (outcome, cards, why, payouts, entries) => {
    const { id } = await createV2();
    expect((await decide(id, outcome)).status).toBe(200);
    expect(await inV2(id)).toMatchObject({ cards, why, payouts, entries });
    const account = await inV1(id);
    expect(account.details_submitted).toBe(true);
    expect(account.payouts_enabled).toBe(payouts === 'active');
    expect(Object.keys(account.capabilities ?? {})).toEqual(['card_payments']);
  });

  it('needs what is due three days ahead, or at the given time', async () => {
    const { id } = await createV2();
    await decide(id, 'document_needed');
    const { summary } = await inV2(id);
    expect(summary?.status).toBe('currently_due');
    expect(Math.abs(Date.parse(summary?.time ?? '') - Date.now() - 3 * DAY_MS)).toBeLessThan(60_000);
    await decide(id, 'requirement_due', { due_at: '2040-01-02T03:04:05Z' });
    expect((await inV2(id)).summary?.time).toBe('2040-01-02T03:04:05.000Z');
    expect((await inV1(id)).requirements?.current_deadline).toBe(Date.parse('2040-01-02T03:04:05Z') / 1000);
    expect((await decide(id, 'requirement_due', { due_at: 'tomorrow' })).status).toBe(400);
  });

  it('takes the ability to charge away when the date has come', async () => {
    await decide(ACCOUNT, 'requirement_due');
    await create();
    await drain();
    await harness.control('POST', '/_control/clock', { advance_seconds: 3 * 86_400 + 1 });
    expect(await inV2(ACCOUNT)).toMatchObject({ cards: 'restricted', summary: { status: 'past_due', time: null } });
    expect((await sent()).map(({ type }) => type)).toContain('capability.updated');
    expect((await refusal(create())).message).toContain('cannot currently make charges');
  });

  it('leaves an account without a name, which Checkout refuses', async () => {
    const { responsibilities } = NEW_ACCOUNT.defaults;
    const { id } = await createV2({ display_name: undefined, defaults: { responsibilities } });
    await decide(id, 'ready');
    const refused = await refusal(create({}, { stripeAccount: id }));
    expect(refused.message).toContain('you must set an account or business name');
  });

  it('is refused for an unknown outcome, an unknown account and one that has left', async () => {
    expect((await decide(ACCOUNT, 'perfect')).status).toBe(400);
    expect((await decide('acct_none', 'ready')).status).toBe(404);
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/deauthorize`, {});
    expect((await decide(ACCOUNT, 'ready')).status).toBe(404);
  });
});

describe('An account that was ready', () => {
  it('loses cards and gets them back, with the events of both', async () => {
    await decide(ACCOUNT, 'loses_cards');
    const [account, ...capabilities] = await sent();
    expect(account).toMatchObject({
      type: 'account.updated',
      data: { object: { charges_enabled: false }, previous_attributes: { charges_enabled: true } },
    });
    expect(capabilities).toMatchObject([
      {
        type: 'capability.updated',
        account: ACCOUNT,
        data: {
          object: {
            id: 'card_payments',
            object: 'capability',
            account: ACCOUNT,
            status: 'inactive',
            requirements: { past_due: [DOCUMENT], disabled_reason: 'requirements.fields_needed' },
          },
          previous_attributes: { status: 'active' },
        },
      },
      { type: 'capability.updated', data: { object: { id: 'transfers' } } },
    ]);
    const read = await harness.stripe.v2.core.accounts.retrieve(ACCOUNT, { include: ['requirements'] });
    expect(read.requirements?.entries?.[0]?.errors).toMatchObject([{ code: 'verification_document_expired' }]);
    await decide(ACCOUNT, 'regains_cards');
    expect((await sent()).map(({ type }) => type)).toEqual([
      'account.updated',
      'capability.updated',
      'capability.updated',
    ]);
    expect((await create()).status).toBe('open');
  });

  it('is rejected', async () => {
    await decide(ACCOUNT, 'rejected');
    expect((await inV1(ACCOUNT)).requirements?.disabled_reason).toBe('rejected.other');
    expect((await inV2(ACCOUNT)).cards).toBe('rejected');
  });

  it('cannot take a session with charges but without cards', async () => {
    await decide(ACCOUNT, 'cards_not_granted');
    expect((await inV1(ACCOUNT)).charges_enabled).toBe(true);
    const refused = await refusal(create());
    expect(refused).toMatchObject({ statusCode: 400, message: /without the `card_payments` capability/ });
    expect(refused.code).toBeUndefined();
  });

  it('is the live one or the test one, as asked', async () => {
    await harness.control('POST', '/_control/accounts', { id: ACCOUNT, livemode: true, charges_enabled: true });
    await decide(ACCOUNT, 'rejected', { livemode: true });
    expect((await inV1(ACCOUNT)).charges_enabled).toBe(true);
    expect((await harness.liveStripe.accounts.retrieve(ACCOUNT)).charges_enabled).toBe(false);
  });
});

describe('The control API', () => {
  const make = (account: object) => harness.control('POST', '/_control/accounts', { id: 'acct_made', ...account });

  it('makes an account with a capability, a dashboard and requirements', async () => {
    await make({
      charges_enabled: true,
      card_payments: 'pending',
      dashboard: 'express',
      requirements: { pending_verification: [DOCUMENT], past_due: ['external_account'] },
    });
    expect(await inV2('acct_made')).toMatchObject({
      cards: 'pending',
      entries: [
        ['external_account', 'user', 'past_due'],
        [DOCUMENT_IN_V2, 'stripe', 'currently_due'],
      ],
    });
    expect(await harness.stripe.v2.core.accounts.retrieve('acct_made')).toMatchObject({ dashboard: 'express' });
    await make({ requirements: { currently_due: [DOCUMENT], due_at: '2040-01-02T03:04:05Z' }, dashboard: 'full' });
    expect((await inV2('acct_made')).summary).toEqual({ status: 'currently_due', time: '2040-01-02T03:04:05.000Z' });
    expect((await inV1('acct_made')).type).toBe('standard');
  });

  it('makes an account that never requested cards, and can charge', async () => {
    await make({ charges_enabled: true, card_payments: 'unrequested' });
    expect((await inV1('acct_made')).capabilities).not.toHaveProperty('card_payments');
    const read = await harness.stripe.v2.core.accounts.retrieve('acct_made', { include: ['configuration.merchant'] });
    expect(read.configuration?.merchant?.capabilities?.card_payments).toBeNull();
    expect((await create({}, { stripeAccount: 'acct_made' })).status).toBe('open');
  });
});

describe('An account that has left', () => {
  it('is refused in every call, and nothing of it is sent', async () => {
    const session = await create();
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/deauthorize`, {});
    await drain();
    await harness.control('POST', `/_control/sessions/${session.id}/pay`, { outcome: 'paid' });
    await harness.control('POST', '/_control/clock', { advance_seconds: 4 * 86_400 });
    expect(await drain()).toEqual([]);
    const { accounts, accountLinks, v2 } = harness.stripe;
    const link = { refresh_url: 'https://a.example', return_url: 'https://b.example' };
    for (const call of [
      () => accounts.retrieve(ACCOUNT),
      () => accounts.update(ACCOUNT, { email: 'ann@example.com' }),
      () => accountLinks.create({ account: ACCOUNT, type: 'account_onboarding', ...link }),
      () => v2.core.accounts.retrieve(ACCOUNT),
      () =>
        v2.core.accountLinks.create({
          account: ACCOUNT,
          use_case: { type: 'account_onboarding', account_onboarding: link },
        }),
      () => harness.stripe.events.list({}, { stripeAccount: ACCOUNT }),
      () => create(),
    ]) {
      expect(await refusal(call())).toMatchObject({ statusCode: 403, code: 'account_invalid' });
    }
  });
});
