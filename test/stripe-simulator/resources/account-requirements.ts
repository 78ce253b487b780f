import type Stripe from 'stripe';

type DisabledReason = Stripe.Account.Requirements.DisabledReason;

/** What Stripe asks the owner of a new account for, by the step of the onboarding that gives it. */
export const ASKED = {
  business: ['business_type', 'business_profile.url'],
  person: [
    'individual.first_name',
    'individual.last_name',
    'individual.dob.day',
    'individual.dob.month',
    'individual.dob.year',
  ],
  bank: ['external_account'],
  review: ['tos_acceptance.date', 'tos_acceptance.ip'],
} as const;

export const DOCUMENT = 'individual.verification.document';
export const BANK_ACCOUNT = 'external_account';

/** The requirements that `/v2` names otherwise, with its name. */
const NAMES_IN_V2: Readonly<Record<string, string>> = {
  business_type: 'identity.entity_type',
  'business_profile.url': 'defaults.profile.business_url',
  'individual.first_name': 'identity.individual.given_name',
  'individual.last_name': 'identity.individual.surname',
  'individual.dob.day': 'identity.individual.date_of_birth.day',
  'individual.dob.month': 'identity.individual.date_of_birth.month',
  'individual.dob.year': 'identity.individual.date_of_birth.year',
  [DOCUMENT]: 'identity.individual.documents.primary_verification',
  'tos_acceptance.date': 'identity.attestations.terms_of_service.account.date',
  'tos_acceptance.ip': 'identity.attestations.terms_of_service.account.ip',
};

export function nameInV2(requirement: string): string {
  return NAMES_IN_V2[requirement] ?? requirement;
}

interface Open {
  due?: readonly string[];
  pastDue?: readonly string[];
  pending?: readonly string[];
  /** Seconds since 1970: when what is due becomes past due. */
  deadline?: number;
  disabledReason?: DisabledReason;
  errors?: Stripe.Account.Requirements.Error[];
}

/** The requirements of an account (docs.stripe.com/connect/handling-api-verification). What is past due is also due. */
export function requirements(open: Open = {}): Stripe.Account.Requirements {
  const due = [...(open.pastDue ?? []), ...(open.due ?? [])];
  return {
    alternatives: [],
    current_deadline: open.deadline ?? null,
    currently_due: due,
    disabled_reason: open.disabledReason ?? null,
    errors: open.errors ?? [],
    eventually_due: due,
    past_due: [...(open.pastDue ?? [])],
    pending_verification: [...(open.pending ?? [])],
  };
}

/** The requirements of an account that has not been onboarded. */
export function requirementsBeforeOnboarding(): Stripe.Account.Requirements {
  return requirements({ pastDue: Object.values(ASKED).flat(), disabledReason: 'requirements.past_due' });
}

/** Takes away the requirements that the owner has fulfilled. */
export function fulfil(account: Stripe.Account, given: readonly string[]): void {
  const open = account.requirements;
  if (!open) return;
  const without = (names: string[] | null) => (names ?? []).filter((name) => !given.includes(name));
  open.currently_due = without(open.currently_due);
  open.eventually_due = without(open.eventually_due);
  open.past_due = without(open.past_due);
  open.errors = (open.errors ?? []).filter(({ requirement }) => !given.includes(requirement));
}
