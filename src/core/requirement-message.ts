import type { AccountRequirement } from './accounts.ts';

/**
 * What Stripe's names of requirements mean for the owner of a shop, by a part of the name: the first that occurs counts. The
 * names come from docs.stripe.com/connect/handling-api-verification and, of the Accounts v2 API, from
 * docs.stripe.com/connect/accounts-v2/requirements; both versions use the same words for the same thing.
 */
const THINGS = [
  [/primary_verification|verification\.document|document/, 'document', 'a photo of an identity or company document'],
  [/proof_of_liveness/, 'liveness', 'a photo of the person, taken now'],
  [/external_account|bank_account|payout_method|outbound/, 'bankAccount', 'the bank account for your payouts'],
  [/tos_acceptance|terms_of_service/, 'terms', "your agreement to Stripe's terms"],
  [/(business_)?url|website/, 'website', 'the address of your website'],
  [/product_description/, 'product', 'what your business sells'],
  [/mcc|industry/, 'industry', 'the kind of your business'],
  [/statement_descriptor/, 'statementName', "your name on the buyers' card statements"],
  [/support_phone|business_profile\.support|contact_phone/, 'supportPhone', 'a phone number for your customers'],
  [/doing_business_as|business_profile\.name|display_name/, 'businessName', 'the name of your business'],
  [/estimated_worker_count|annual_revenue|monthly_estimated_revenue/, 'size', 'the size of your business'],
  [/entity_type|business_type|structure/, 'legalForm', 'the legal form of your business'],
  [/registered_name|company\.name|business_details\.name/, 'companyName', 'the legal name of your company'],
  [/tax_id|vat_id|registration_number|id_numbers/, 'taxId', 'a tax or registration number'],
  [/owners|beneficial/, 'owners', 'who owns the company'],
  [/directors/, 'directors', 'who runs the company'],
  [/executives/, 'executives', 'who manages the company'],
  [/representative/, 'representative', 'the person who represents the business'],
  [/ssn_last_4|id_number/, 'identityNumber', 'a personal identity number'],
  [/dob|date_of_birth/, 'birth', 'a date of birth'],
  [/first_name|last_name|given_name|surname|legal_name/, 'name', 'the name of a person'],
  [/nationalit/, 'nationality', 'the nationality of a person'],
  [/address/, 'address', 'an address'],
  [/phone/, 'phone', 'a phone number'],
  [/email/, 'email', 'an e-mail address'],
] as const;

/** What Stripe can ask for, by what it means for the owner of a shop. */
export type RequiredThing = (typeof THINGS)[number][1];

/** What one of Stripe's names of requirements means. null: it is not known here. `what`: the name. */
export function requiredThing(what: string): RequiredThing | null {
  return THINGS.find(([part]) => part.test(what))?.[1] ?? null;
}

/**
 * An English sentence for the owner of a shop about something that Stripe wants: what, by when and who acts. The words of an
 * unknown requirement are Stripe's own name of it.
 */
export function requirementMessage({ what, awaiting, dueAt, problem }: AccountRequirement): string {
  const thing = THINGS.find(([part]) => part.test(what))?.[2] ?? `more information (${what})`;
  if (awaiting === 'stripe') return `Stripe is checking ${thing}. There is nothing you need to do.`;
  const day = (time: number) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(time);
  const by = dueAt === null ? '' : ` by ${day(dueAt)}`;
  const why = problem === null ? '' : ` About what you sent, Stripe says: ${problem}`;
  return `Stripe needs ${thing} from you${by}.${why}`;
}
