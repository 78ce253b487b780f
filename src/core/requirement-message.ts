import type { AccountRequirement } from './accounts.ts';

/**
 * What Stripe's names of requirements mean for the owner of a shop, by a part of the name: the first that occurs counts. The
 * names come from docs.stripe.com/connect/handling-api-verification and, of the Accounts v2 API, from
 * docs.stripe.com/connect/accounts-v2/requirements; both versions use the same words for the same thing.
 */
const THINGS: readonly (readonly [part: RegExp, thing: string])[] = [
  [/primary_verification|verification\.document|document/, 'a photo of an identity or company document'],
  [/proof_of_liveness/, 'a photo of the person, taken now'],
  [/external_account|bank_account|payout_method|outbound/, 'the bank account for your payouts'],
  [/tos_acceptance|terms_of_service/, "your agreement to Stripe's terms"],
  [/(business_)?url|website/, 'the address of your website'],
  [/product_description/, 'what your business sells'],
  [/mcc|industry/, 'the kind of your business'],
  [/statement_descriptor/, "your name on the buyers' card statements"],
  [/support_phone|business_profile\.support|contact_phone/, 'a phone number for your customers'],
  [/doing_business_as|business_profile\.name|display_name/, 'the name of your business'],
  [/estimated_worker_count|annual_revenue|monthly_estimated_revenue/, 'the size of your business'],
  [/entity_type|business_type|structure/, 'the legal form of your business'],
  [/registered_name|company\.name|business_details\.name/, 'the legal name of your company'],
  [/tax_id|vat_id|registration_number|id_numbers/, 'a tax or registration number'],
  [/owners|beneficial/, 'who owns the company'],
  [/directors/, 'who runs the company'],
  [/executives/, 'who manages the company'],
  [/representative/, 'the person who represents the business'],
  [/ssn_last_4|id_number/, 'a personal identity number'],
  [/dob|date_of_birth/, 'a date of birth'],
  [/first_name|last_name|given_name|surname|legal_name/, 'the name of a person'],
  [/nationalit/, 'the nationality of a person'],
  [/address/, 'an address'],
  [/phone/, 'a phone number'],
  [/email/, 'an e-mail address'],
];

/**
 * One sentence for the owner of a shop about something that Stripe wants: what, by when and who acts. The words of an
 * unknown requirement are Stripe's own name of it.
 */
export function requirementMessage({ what, awaiting, dueAt, problem }: AccountRequirement): string {
  const thing = thingOf(what);
  if (awaiting === 'stripe') return `Stripe is checking ${thing}. There is nothing you need to do.`;
  const by = dueAt === null ? '' : ` by ${dayOf(dueAt)}`;
  const why = problem === null ? '' : ` About what you sent, Stripe says: ${problem}`;
  return `Stripe needs ${thing} from you${by}.${why}`;
}

function thingOf(what: string): string {
  const known = THINGS.find(([part]) => part.test(what))?.[1];
  return known ?? `more information (${what})`;
}

/** The day of a time, as "5 December 2026", in UTC. */
function dayOf(time: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(time);
}
