import type { Language } from '../language.ts';
import { tagOf } from '../time.ts';

/** Where Stripe opens accounts (stripe.com/global, November 2026). Stripe itself decides: it refuses a country that it has left. */
const STRIPE_COUNTRIES = [
  ...['AE', 'AT', 'AU', 'BE', 'BG', 'BR', 'CA', 'CH', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GB', 'GI'],
  ...['GR', 'HK', 'HR', 'HU', 'IE', 'IN', 'IT', 'JP', 'LI', 'LT', 'LU', 'LV', 'MT', 'MX', 'MY', 'NL', 'NO', 'NZ'],
  ...['PL', 'PT', 'RO', 'SE', 'SG', 'SI', 'SK', 'TH', 'US'],
];

/** The name of a country (ISO 3166-1, two letters), such as "Germany". */
export function countryName(language: Language, country: string): string {
  return new Intl.DisplayNames([tagOf(language)], { type: 'region' }).of(country) ?? country;
}

/** The countries in which a merchant can connect Stripe, for a field to choose from, by their names. */
export function countryOptions(language: Language): { readonly value: string; readonly text: string }[] {
  const options = STRIPE_COUNTRIES.map((value) => ({ value, text: countryName(language, value) }));
  return options.toSorted((one, other) => one.text.localeCompare(other.text, language));
}
