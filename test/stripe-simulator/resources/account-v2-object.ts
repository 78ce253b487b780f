import type Stripe from 'stripe';
import type { StoredAccount } from '../state.ts';
import { controlOf } from './account-object.ts';
import { BANK_ACCOUNT, nameInV2 } from './account-requirements.ts';

type Due = 'currently_due' | 'eventually_due' | 'past_due';

interface Entry {
  awaiting_action_from: 'stripe' | 'user';
  minimum_deadline: { status: Due };
}

/** How strict a deadline is, the strictest first. */
const STRICTEST: readonly Due[] = ['past_due', 'currently_due', 'eventually_due'];

/** An account as `/v2` shows it (docs.stripe.com/api/v2/core/accounts/object). What `included` does not name is null. */
export function accountInV2({ object, livemode }: StoredAccount, included: readonly string[]): object {
  const shown = <T>(name: string, value: T) => (included.includes(name) ? value : null);
  const configurations = included.some((name) => name.startsWith('configuration.'));
  const merchant = shown('configuration.merchant', merchantOf(object));
  return {
    id: object.id,
    object: 'v2.core.account',
    applied_configurations: ['merchant'],
    closed: false,
    configuration: configurations ? { customer: null, merchant, recipient: null } : null,
    contact_email: object.email,
    contact_phone: null,
    created: new Date((object.created ?? 0) * 1000).toISOString(),
    dashboard: controlOf(object).dashboard,
    defaults: shown('defaults', defaultsOf(object)),
    display_name: object.settings?.dashboard.display_name ?? null,
    future_requirements: shown('future_requirements', { alternatives: [], entries: [], summary: null }),
    identity: shown('identity', identityOf(object)),
    livemode,
    metadata: object.metadata ?? {},
    requirements: shown('requirements', requirementsOf(object)),
  };
}

function merchantOf(account: Stripe.Account): object {
  const cards = account.capabilities?.card_payments;
  const isPending = cards === 'pending';
  return {
    applied: true,
    bacs_debit_payments: null,
    branding: null,
    capabilities: {
      card_payments:
        cards === undefined ? null : standing(account, 'card_payments', { isActive: cards === 'active', isPending }),
      stripe_balance: {
        payouts: standing(account, 'stripe_balance.payouts', { isActive: account.payouts_enabled, isPending }),
      },
    },
    card_payments: { decline_on: { avs_failure: false, cvc_failure: false } },
    konbini_payments: null,
    mcc: account.business_profile?.mcc ?? null,
    script_statement_descriptor: null,
    sepa_debit_payments: null,
    statement_descriptor: null,
    support: null,
  };
}

/** The status of a capability, and what would make it active. */
function standing(
  account: Stripe.Account,
  capability: string,
  { isActive, isPending }: { isActive: boolean; isPending: boolean },
): object {
  if (isActive) return { status: 'active', status_details: [] };
  const reason = account.requirements?.disabled_reason ?? '';
  if (reason.startsWith('rejected.')) {
    const code = reason.replace('.', '_');
    return { status: 'rejected', status_details: [{ code, resolution: 'contact_stripe' }] };
  }
  if (isPending) {
    const detail = { code: 'requirements_pending_verification', resolution: 'no_resolution' };
    return { status: 'pending', status_details: [detail] };
  }
  const isOwed = account.requirements?.currently_due?.some((name) => restricted(name).includes(capability)) ?? false;
  const detail = isOwed
    ? { code: 'requirements_past_due', resolution: 'provide_info' }
    : { code: 'restricted_other', resolution: 'contact_stripe' };
  return { status: 'restricted', status_details: [detail] };
}

/** The capabilities that the account loses without this requirement. */
function restricted(requirement: string): string[] {
  return requirement === BANK_ACCOUNT ? ['stripe_balance.payouts'] : ['card_payments', 'stripe_balance.payouts'];
}

function requirementsOf(account: Stripe.Account): object {
  const { requirements } = account;
  const due = [...new Set([...(requirements?.currently_due ?? []), ...(requirements?.eventually_due ?? [])])];
  const entries = [
    ...due.map((name) => entry(account, name, 'user')),
    ...(requirements?.pending_verification ?? []).map((name) => entry(account, name, 'stripe')),
  ];
  return { alternatives: [], entries, summary: summaryOf(entries, requirements?.current_deadline ?? null) };
}

function entry(account: Stripe.Account, name: string, from: Entry['awaiting_action_from']): Entry {
  const { requirements, details_submitted: isSubmitted } = account;
  const isEventual = from === 'user' && !requirements?.currently_due?.includes(name);
  const status = requirements?.past_due?.includes(name) ? 'past_due' : isEventual ? 'eventually_due' : 'currently_due';
  const errors = (requirements?.errors ?? []).filter(({ requirement }) => requirement === name);
  const about = {
    description: nameInV2(name),
    errors: errors.map(({ code, reason }) => ({ code, description: reason })),
    impact: {
      restricts_capabilities: restricted(name).map((capability) => ({
        capability,
        configuration: 'merchant',
        deadline: { status },
      })),
    },
    reference: null,
    requested_reasons: [{ code: isSubmitted ? 'routine_verification' : 'routine_onboarding' }],
  };
  return { ...about, awaiting_action_from: from, minimum_deadline: { status } };
}

/** The strictest deadline. null: there are no requirements. */
function summaryOf(entries: readonly Entry[], deadline: number | null): object | null {
  const status = STRICTEST.find((due) => entries.some((entry) => entry.minimum_deadline.status === due));
  if (status === undefined) return null;
  const time = deadline === null ? null : new Date(deadline * 1000).toISOString();
  return { minimum_deadline: { status, time } };
}

function defaultsOf(account: Stripe.Account): object {
  const { fees, losses } = controlOf(account);
  return {
    currency: account.default_currency ?? null,
    locales: null,
    payout_methods: null,
    profile: {
      business_url: account.business_profile?.url ?? null,
      doing_business_as: account.business_profile?.name ?? null,
      product_description: account.business_profile?.product_description ?? null,
    },
    responsibilities: { fees_collector: fees, losses_collector: losses, requirements_collector: 'stripe' },
  };
}

function identityOf(account: Stripe.Account): object {
  return {
    attestations: null,
    business_details: null,
    country: account.country?.toLowerCase() ?? null,
    entity_type: account.business_type ?? null,
    individual: null,
  };
}
