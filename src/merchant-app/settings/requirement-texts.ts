import type { AccountRequirement } from '../../core/accounts.ts';
import { type RequiredThing, requiredThing, requirementMessage } from '../../core/requirement-message.ts';
import type { Language } from '../language.ts';

const GERMAN: Readonly<Record<RequiredThing, string>> = {
  document: 'ein Foto eines Ausweises oder Firmendokuments',
  liveness: 'ein aktuelles Foto der Person',
  bankAccount: 'das Bankkonto für Ihre Auszahlungen',
  terms: 'Ihre Zustimmung zu den Bedingungen von Stripe',
  website: 'die Adresse Ihrer Website',
  product: 'was Ihr Unternehmen verkauft',
  industry: 'die Branche Ihres Unternehmens',
  statementName: 'Ihr Name auf den Kartenabrechnungen der Käufer',
  supportPhone: 'eine Telefonnummer für Ihre Kunden',
  businessName: 'der Name Ihres Unternehmens',
  size: 'die Größe Ihres Unternehmens',
  legalForm: 'die Rechtsform Ihres Unternehmens',
  companyName: 'der eingetragene Name Ihrer Firma',
  taxId: 'eine Steuer- oder Registernummer',
  owners: 'wem die Firma gehört',
  directors: 'wer die Firma leitet',
  executives: 'wer die Geschäfte der Firma führt',
  representative: 'die Person, die das Unternehmen vertritt',
  identityNumber: 'eine persönliche Identifikationsnummer',
  birth: 'ein Geburtsdatum',
  name: 'der Name einer Person',
  nationality: 'die Staatsangehörigkeit einer Person',
  address: 'eine Anschrift',
  phone: 'eine Telefonnummer',
  email: 'eine E-Mail-Adresse',
};

/** A sentence for the owner of a shop about something that Stripe wants: what, by when and who acts. */
export function requirementText(language: Language, requirement: AccountRequirement): string {
  return language === 'de' ? germanText(requirement) : requirementMessage(requirement);
}

function germanText({ what, awaiting, dueAt, problem }: AccountRequirement): string {
  const known = requiredThing(what);
  const thing = known === null ? `weitere Angaben (${what})` : GERMAN[known];
  if (awaiting === 'stripe') return `Stripe prüft: ${thing}. Sie müssen nichts tun.`;
  const day = (time: number) => new Intl.DateTimeFormat('de', { dateStyle: 'long', timeZone: 'UTC' }).format(time);
  const by = dueAt === null ? '' : ` bis ${day(dueAt)}`;
  const why = problem === null ? '' : ` Stripe sagt zu dem, was Sie geschickt haben: ${problem}`;
  return `Stripe braucht von Ihnen${by}: ${thing}.${why}`;
}
