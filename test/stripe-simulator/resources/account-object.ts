import type Stripe from 'stripe';
import { requirements, requirementsBeforeOnboarding } from './account-requirements.ts';

/** The members that can be set for a new connected account. */
export interface NewAccount {
  id: string;
  /** Seconds since 1970. */
  created: number;
  email: string | null;
  country: string;
  defaultCurrency: string;
  type: Stripe.Account['type'];
  /** By default as the type says. */
  control?: Control;
  businessType: Stripe.Account['business_type'];
  businessName: string | null;
  metadata: Record<string, string>;
}

const DASHBOARDS = ['express', 'full', 'none'] as const;

/** Which dashboard at Stripe the account's owner has, and who collects fees and losses. */
export interface Control {
  dashboard: (typeof DASHBOARDS)[number];
  fees: 'application' | 'stripe';
  losses: 'application' | 'stripe';
}

const CONTROL_OF_TYPE: Readonly<Record<string, Control>> = {
  custom: { dashboard: 'none', fees: 'application', losses: 'application' },
  express: { dashboard: 'express', fees: 'application', losses: 'application' },
};
const STANDARD: Control = { dashboard: 'full', fees: 'stripe', losses: 'stripe' };

/** A connected account that has not been onboarded (docs.stripe.com/api/accounts/object). */
export function newAccountObject(input: NewAccount): Stripe.Account {
  return {
    id: input.id,
    object: 'account',
    business_profile: businessProfile(input.businessName),
    business_type: input.businessType ?? null,
    capabilities: { card_payments: 'inactive', transfers: 'inactive' },
    charges_enabled: false,
    controller: controller(input.control ?? CONTROL_OF_TYPE[input.type ?? ''] ?? STANDARD),
    country: input.country,
    created: input.created,
    default_currency: input.defaultCurrency,
    details_submitted: false,
    email: input.email,
    external_accounts: { object: 'list', data: [], has_more: false, url: `/v1/accounts/${input.id}/external_accounts` },
    future_requirements: requirements(),
    metadata: input.metadata,
    payouts_enabled: false,
    requirements: requirementsBeforeOnboarding(),
    settings: settings(input.businessName),
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type: input.type,
  };
}

/** Sets charges_enabled and what goes with it, such as the requested capabilities. Checkout also needs a business name, so a nameless account gets one. */
export function setChargesEnabled(account: Stripe.Account, enabled: boolean): void {
  const state = enabled ? 'active' : 'inactive';
  account.charges_enabled = enabled;
  if (enabled && account.business_profile) account.business_profile.name ??= 'Simulated shop';
  account.capabilities = Object.fromEntries(Object.keys(account.capabilities ?? {}).map((name) => [name, state]));
  account.requirements = enabled ? requirements() : requirementsBeforeOnboarding();
}

/** What Stripe calls the controller of an account, in the words of `/v1`. */
export function controller({ dashboard, fees, losses }: Control): Stripe.Account.Controller {
  return {
    fees: { payer: fees === 'stripe' ? 'account' : 'application' },
    is_controller: true,
    losses: { payments: losses },
    requirement_collection: 'stripe',
    stripe_dashboard: { type: dashboard },
    type: 'application',
  };
}

/** Who controls an account. Accounts that an earlier simulator saved have no such controller: their type says it. */
export function controlOf(account: Stripe.Account): Control {
  const known = CONTROL_OF_TYPE[account.type ?? ''] ?? STANDARD;
  const { fees, losses, stripe_dashboard: dashboard } = account.controller ?? {};
  return {
    dashboard: DASHBOARDS.find((name) => name === dashboard?.type) ?? known.dashboard,
    fees: fees === undefined ? known.fees : fees.payer === 'account' ? 'stripe' : 'application',
    losses: losses === undefined ? known.losses : losses.payments === 'stripe' ? 'stripe' : 'application',
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
