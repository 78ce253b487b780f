import type { AccountRequirement } from './accounts.ts';

/**
 * What Stripe's names of requirements mean for the owner of a shop, by a part of the name: the first that occurs counts. The
 * names come from docs.stripe.com/connect/handling-api-verification and, of the Accounts v2 API, from
 * docs.stripe.com/connect/accounts-v2/requirements; both versions use the same words for the same thing.
 */
const THINGS: readonly (readonly [part: RegExp, en: string, de: string])[] = [
  [
    /primary_verification|verification\.document|document/,
    'a photo of an identity or company document',
    'ein Foto eines Ausweises oder Firmendokuments',
  ],
  [/proof_of_liveness/, 'a photo of the person, taken now', 'ein aktuelles Foto der Person'],
  [
    /external_account|bank_account|payout_method|outbound/,
    'the bank account for your payouts',
    'das Bankkonto für Ihre Auszahlungen',
  ],
  [
    /tos_acceptance|terms_of_service/,
    "your agreement to Stripe's terms",
    'Ihre Zustimmung zu den Bedingungen von Stripe',
  ],
  [/(business_)?url|website/, 'the address of your website', 'die Adresse Ihrer Website'],
  [/product_description/, 'what your business sells', 'was Ihr Unternehmen verkauft'],
  [/mcc|industry/, 'the kind of your business', 'die Branche Ihres Unternehmens'],
  [
    /statement_descriptor/,
    "your name on the buyers' card statements",
    'Ihr Name auf den Kartenabrechnungen der Käufer',
  ],
  [
    /support_phone|business_profile\.support|contact_phone/,
    'a phone number for your customers',
    'eine Telefonnummer für Ihre Kunden',
  ],
  [/doing_business_as|business_profile\.name|display_name/, 'the name of your business', 'der Name Ihres Unternehmens'],
  [
    /estimated_worker_count|annual_revenue|monthly_estimated_revenue/,
    'the size of your business',
    'die Größe Ihres Unternehmens',
  ],
  [/entity_type|business_type|structure/, 'the legal form of your business', 'die Rechtsform Ihres Unternehmens'],
  [
    /registered_name|company\.name|business_details\.name/,
    'the legal name of your company',
    'der eingetragene Name Ihrer Firma',
  ],
  [/tax_id|vat_id|registration_number|id_numbers/, 'a tax or registration number', 'eine Steuer- oder Registernummer'],
  [/owners|beneficial/, 'who owns the company', 'wem die Firma gehört'],
  [/directors/, 'who runs the company', 'wer die Firma leitet'],
  [/executives/, 'who manages the company', 'wer die Geschäfte der Firma führt'],
  [/representative/, 'the person who represents the business', 'die Person, die das Unternehmen vertritt'],
  [/ssn_last_4|id_number/, 'a personal identity number', 'eine persönliche Identifikationsnummer'],
  [/dob|date_of_birth/, 'a date of birth', 'ein Geburtsdatum'],
  [/first_name|last_name|given_name|surname|legal_name/, 'the name of a person', 'der Name einer Person'],
  [/nationalit/, 'the nationality of a person', 'die Staatsangehörigkeit einer Person'],
  [/address/, 'an address', 'eine Anschrift'],
  [/phone/, 'a phone number', 'eine Telefonnummer'],
  [/email/, 'an e-mail address', 'eine E-Mail-Adresse'],
];

/**
 * A sentence for the owner of a shop about something that Stripe wants: what, by when and who acts. The words of an
 * unknown requirement are Stripe's own name of it. The API says it in English.
 */
export function requirementMessage(requirement: AccountRequirement, language: 'en' | 'de' = 'en'): string {
  return language === 'de' ? germanMessage(requirement) : englishMessage(requirement);
}

function englishMessage({ what, awaiting, dueAt, problem }: AccountRequirement): string {
  const thing = THINGS.find(([part]) => part.test(what))?.[1] ?? `more information (${what})`;
  if (awaiting === 'stripe') return `Stripe is checking ${thing}. There is nothing you need to do.`;
  const by = dueAt === null ? '' : ` by ${dayOf(dueAt, 'en-GB')}`;
  const why = problem === null ? '' : ` About what you sent, Stripe says: ${problem}`;
  return `Stripe needs ${thing} from you${by}.${why}`;
}

function germanMessage({ what, awaiting, dueAt, problem }: AccountRequirement): string {
  const thing = THINGS.find(([part]) => part.test(what))?.[2] ?? `weitere Angaben (${what})`;
  if (awaiting === 'stripe') return `Stripe prüft: ${thing}. Sie müssen nichts tun.`;
  const by = dueAt === null ? '' : ` bis ${dayOf(dueAt, 'de')}`;
  const why = problem === null ? '' : ` Stripe sagt zu dem, was Sie geschickt haben: ${problem}`;
  return `Stripe braucht von Ihnen${by}: ${thing}.${why}`;
}

/** The day of a time, as "5 December 2026", in UTC. */
function dayOf(time: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' }).format(time);
}
