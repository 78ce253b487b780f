import type Stripe from 'stripe';

/** The members that can be set for a new connected account. */
export interface NewAccount {
  id: string;
  /** Seconds since 1970. */
  created: number;
  email: string | null;
  country: string;
  defaultCurrency: string;
  type: Stripe.Account['type'];
  businessType: Stripe.Account['business_type'];
  businessName: string | null;
  metadata: Record<string, string>;
}

const MISSING_BEFORE_ONBOARDING = [
  'business_profile.url',
  'external_account',
  'tos_acceptance.date',
  'tos_acceptance.ip',
];

/** A connected account that has not been onboarded (docs.stripe.com/api/accounts/object). */
export function newAccountObject(input: NewAccount): Stripe.Account {
  return {
    id: input.id,
    object: 'account',
    business_profile: businessProfile(input.businessName),
    business_type: input.businessType ?? null,
    capabilities: { card_payments: 'inactive', transfers: 'inactive' },
    charges_enabled: false,
    controller: { type: 'account' },
    country: input.country,
    created: input.created,
    default_currency: input.defaultCurrency,
    details_submitted: false,
    email: input.email,
    external_accounts: { object: 'list', data: [], has_more: false, url: `/v1/accounts/${input.id}/external_accounts` },
    future_requirements: requirements([], false),
    metadata: input.metadata,
    payouts_enabled: false,
    requirements: requirements(MISSING_BEFORE_ONBOARDING, true),
    settings: settings(input.businessName),
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type: input.type,
  };
}

/** Sets charges_enabled and what Stripe derives from it. Checkout also needs a business name, so a nameless account gets one. */
export function setChargesEnabled(account: Stripe.Account, enabled: boolean): void {
  const state = enabled ? 'active' : 'inactive';
  account.charges_enabled = enabled;
  if (enabled && account.business_profile) account.business_profile.name ??= 'Simulated shop';
  account.capabilities = { ...account.capabilities, card_payments: state, transfers: state };
  account.requirements = enabled ? requirements([], false) : requirements(MISSING_BEFORE_ONBOARDING, true);
}

function requirements(due: string[], disabled: boolean) {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: due,
    disabled_reason: disabled ? ('requirements.past_due' as const) : null,
    errors: [],
    eventually_due: due,
    past_due: [],
    pending_verification: [],
  };
}

function businessProfile(name: string | null): Stripe.Account.BusinessProfile {
  return {
    annual_revenue: { amount: null, currency: null, fiscal_year_end: null },
    estimated_worker_count: null,
    mcc: null,
    minority_owned_business_designation: null,
    name,
    product_description: null,
    specified_commercial_transactions_act_url: null,
    support_address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
    support_email: null,
    support_phone: null,
    support_url: null,
    url: null,
  };
}

function settings(displayName: string | null): Stripe.Account.Settings {
  return {
    bacs_debit_payments: { display_name: null, service_user_number: null },
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_issuing: { tos_acceptance: { date: null, ip: null } },
    card_payments: {
      decline_on: { avs_failure: true, cvc_failure: true },
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: displayName, timezone: 'Etc/UTC' },
    invoices: { default_account_tax_ids: null, hosted_payment_method_save: null },
    payments: {
      statement_descriptor: null,
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    payouts: {
      debit_negative_balances: true,
      schedule: { delay_days: 2, interval: 'daily' },
      statement_descriptor: null,
    },
    sepa_debit_payments: {},
  };
}
