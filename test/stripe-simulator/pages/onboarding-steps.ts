import { isEmail } from '../parameters.ts';
import type { Outcome } from '../resources/account-outcomes.ts';

export const STEPS = ['business', 'person', 'bank', 'review'] as const;
export type Step = (typeof STEPS)[number];

/** What was typed, by the names of the fields. */
export type Typed = Readonly<Record<string, string>>;

export interface Field {
  name: string;
  label: string;
  sample: string;
  hint?: string;
  type: 'choice' | 'date' | 'email' | 'text' | 'url';
  autocomplete: string;
  /** What is wrong with a value. null: nothing. */
  problem(value: string): string | null;
}

export const BUSINESS_TYPES = [
  ['individual', 'A person or sole trader'],
  ['company', 'A company'],
  ['non_profit', 'A charity or non-profit'],
] as const;

/** The outcomes that the last step offers, with what they mean. */
export const OFFERED: readonly (readonly [Outcome, string])[] = [
  ['ready', 'Ready: payments and payouts are on'],
  ['requirement_due', 'Ready, but a document is needed within three days'],
  ['in_review', 'Ready, while Stripe checks a document'],
  ['payouts_held', 'Payments are on, payouts are held: a bank account is missing'],
  ['document_needed', 'Not yet: a document is needed within three days'],
  ['in_review_without_charges', 'Not yet: Stripe checks a document first'],
  ['cards_not_granted', 'Stripe does not grant card payments'],
  ['rejected', 'Stripe rejects the account'],
];

const given = (message: string) => (value: string) => (value === '' ? message : null);

export const FIELDS: Readonly<Record<Step, readonly Field[]>> = {
  business: [
    {
      name: 'business_type',
      label: 'Who are you?',
      sample: 'individual',
      type: 'choice',
      autocomplete: 'off',
      problem: (value) => (BUSINESS_TYPES.some(([type]) => type === value) ? null : 'Choose one.'),
    },
    {
      name: 'business_name',
      label: 'Business name',
      sample: 'Sample shop',
      hint: 'You may leave it empty. Checkout refuses an account without any name.',
      type: 'text',
      autocomplete: 'organization',
      problem: () => null,
    },
    {
      name: 'business_url',
      label: 'Website',
      sample: 'https://shop.example',
      type: 'url',
      autocomplete: 'url',
      problem: (value) =>
        /^https?:\/\/[^\s/]+/i.test(value) && URL.canParse(value)
          ? null
          : 'Enter a web address, such as https://shop.example.',
    },
  ],
  person: [
    {
      name: 'first_name',
      label: 'First name',
      sample: 'Jenny',
      type: 'text',
      autocomplete: 'given-name',
      problem: given('Enter a first name.'),
    },
    {
      name: 'last_name',
      label: 'Last name',
      sample: 'Rosen',
      type: 'text',
      autocomplete: 'family-name',
      problem: given('Enter a last name.'),
    },
    {
      name: 'email',
      label: 'E-mail',
      sample: 'jenny@shop.example',
      type: 'email',
      autocomplete: 'email',
      problem: (value) => (isEmail(value) ? null : 'Enter an e-mail address, such as name@example.com.'),
    },
    {
      name: 'birth_date',
      label: 'Date of birth',
      sample: '1990-01-31',
      type: 'date',
      autocomplete: 'bday',
      problem: (value) => (/^\d{4}-\d\d-\d\d$/.test(value) ? null : 'Enter a date, as YYYY-MM-DD.'),
    },
  ],
  bank: [
    {
      name: 'account_holder',
      label: 'Account holder',
      sample: 'Jenny Rosen',
      type: 'text',
      autocomplete: 'off',
      problem: given('Enter the name of the account holder.'),
    },
    {
      name: 'account_number',
      label: 'IBAN or account number',
      sample: 'GB29 NWBK 6016 1331 9268 19',
      type: 'text',
      autocomplete: 'off',
      problem: (value) =>
        /^[A-Z0-9 ]{6,42}$/i.test(value) ? null : 'Enter 6 to 34 letters and digits. No bank is asked.',
    },
  ],
  review: [],
};

/** The problems of one step, by the names of its fields. */
export function problemsOf(step: Step, typed: Typed): Record<string, string> {
  const found = FIELDS[step].flatMap(({ name, problem }) => {
    const message = problem(typed[name] ?? '');
    return message === null ? [] : [[name, message] as const];
  });
  return Object.fromEntries(found);
}

/** The first step before the review whose fields are not all filled in well. */
export function firstOpenStep(typed: Typed): Step | undefined {
  return STEPS.find((step) => Object.keys(problemsOf(step, typed)).length > 0);
}

/** The step after this one. The review is the last. */
export function nextStep(step: Step): Step {
  return STEPS[STEPS.indexOf(step) + 1] ?? 'review';
}

export function isStep(name: string | undefined): name is Step {
  return STEPS.some((step) => step === name);
}
