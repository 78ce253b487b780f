import { formatMoney, minorToDecimal, rulesOf } from '../../core/money/money.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { Locale } from './locale.ts';

/** What is wrong with an amount that a buyer typed, with the values for the message in integer minor units. */
export type AmountFault =
  | { readonly code: 'empty' }
  | { readonly code: 'not_a_number' }
  /** The text can be read in two ways, as "1.000" in English: see `payableReadings`. */
  | { readonly code: 'two_readings' }
  | { readonly code: 'too_many_decimals'; readonly decimals: number }
  | { readonly code: 'below_minimum'; readonly minimumMinor: number }
  | { readonly code: 'above_maximum'; readonly maximumMinor: number }
  | { readonly code: 'not_a_multiple'; readonly multipleOf: number }
  /** Stripe refuses the amount by its own limits after currency conversion, which we do not know. */
  | { readonly code: 'not_accepted' };

type TypedAmount =
  | { readonly ok: true; readonly amountMinor: number }
  | { readonly ok: false; readonly fault: AmountFault };

/** A text with one separator before three digits that nobody can be sure about, in both readings. */
interface Unclear {
  readonly decimals: TypedAmount;
  readonly thousands: TypedAmount;
}

/** A text with more characters is not read as an amount. */
export const MAX_TYPED_CHARACTERS = 40;

const BIDI_CONTROLS = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Groups of three digits with one kind of separator, with or without decimals: "1 234", "1.234,50". */
const GROUPED = /^([1-9]\d{0,2})((?:([ '٬.,])\d{3})(?:\3\d{3})*)(?:([.,٫])(\d+))?$/;
/** Indian groups of digits: "1,00,000.50". */
const GROUPED_IN_TWOS = /^([1-9]\d?)((?:,\d{2})+,\d{3})(?:\.(\d+))?$/;
const PLAIN = /^(\d*)(?:[.,٫](\d+))?$/;

/**
 * Reads what a buyer typed as an amount of `currency`: "12.50", "12,50", "€ 12,50", "1 234,50", "١٢٫٥٠", "１２．５". A
 * single separator before one or two digits is the decimal separator in every language, because a phone's keypad may
 * have only one. Before three digits it is read as the locale writes numbers: "1,000" in English is a thousand pounds,
 * "1.230" is 1.23 dinars. What the locale would not write so is refused, because it can be a thousand times as much.
 * Signs, exponents and other currencies are refused. `amountLimitFault` checks the limits. Throws RangeError for an
 * unknown currency.
 */
export function parseTypedAmount(text: string, locale: Locale, currency: string): TypedAmount {
  const read = readText(text, locale, currency);
  return 'ok' in read ? read : refuse(faultOfUnclear(read));
}

function readText(text: string, locale: Locale, currency: string): TypedAmount | Unclear {
  if (text.length > MAX_TYPED_CHARACTERS) return refuse({ code: 'not_a_number' });
  const own = withoutCurrency(plainCharacters(text), locale, currency);
  if (own === null) return refuse({ code: 'not_a_number' });
  // Portuguese in Cape Verde writes money as "12$50".
  const bare = /\d\$\d/.test(own) && separatorsOf(locale, currency).decimal.has('$') ? own.replace('$', ',') : own;
  if (bare === '') return refuse({ code: 'empty' });
  const grouped = GROUPED.exec(bare);
  if (grouped !== null) {
    const [, first = '', rest = '', separator = '', decimal, fraction = ''] = grouped;
    if (decimal === separator) return refuse({ code: 'not_a_number' });
    const thousands = toMinor(first + rest.replaceAll(separator, ''), fraction, currency);
    const reading = decimal === undefined ? readSingleGroup(rest, separator, locale, currency) : 'thousands';
    if (reading === 'thousands') return thousands;
    const decimals = decimalsOf(first, rest.slice(1), currency);
    return reading === 'decimals' ? decimals : { decimals, thousands };
  }
  const [, first, rest, fraction = ''] = GROUPED_IN_TWOS.exec(bare) ?? [];
  if (first !== undefined && rest !== undefined) return toMinor(first + rest.replaceAll(',', ''), fraction, currency);
  const plain = PLAIN.exec(bare);
  if (plain === null) return refuse({ code: 'not_a_number' });
  return toMinor(plain[1] ?? '', plain[2] ?? '', currency);
}

/** Three digits after a decimal separator: "1.000" is £1.00, but "5.555" is no amount of pounds and never rounded. */
function decimalsOf(whole: string, digits: string, currency: string): TypedAmount {
  const { exponent } = rulesOf(currency);
  return toMinor(whole, exponent === 0 ? digits : digits.replace(/0+$/, ''), currency);
}

function faultOfUnclear({ decimals, thousands }: Unclear): AmountFault {
  if (!decimals.ok) return decimals.fault;
  return thousands.ok ? { code: 'two_readings' } : thousands.fault;
}

/**
 * Checks an amount in integer minor units against the minimum of the link, and the minimum, maximum and multiple of the
 * currency (docs.stripe.com/currencies). Returns null if the amount can be charged. Throws RangeError for an unknown
 * currency.
 */
export function amountLimitFault(
  amountMinor: number,
  currency: string,
  minAmountMinor: number | null,
): AmountFault | null {
  const { multipleOf, maximumMinor } = rulesOf(currency);
  const minimumMinor = leastAmount(currency, minAmountMinor);
  if (amountMinor < minimumMinor) return { code: 'below_minimum', minimumMinor };
  if (amountMinor > maximumMinor) return { code: 'above_maximum', maximumMinor };
  if (amountMinor % multipleOf !== 0) return { code: 'not_a_multiple', multipleOf };
  return null;
}

/**
 * Reads what a buyer typed with `parseTypedAmount`, and checks the amount with `amountLimitFault`. `minAmountMinor`:
 * the minimum of the link in minor units, or null.
 */
export function readTypedAmount(
  text: string,
  locale: Locale,
  currency: string,
  minAmountMinor: number | null,
): TypedAmount {
  const read = readText(text, locale, currency);
  if ('ok' in read) return withinLimits(read, currency, minAmountMinor);
  return refuse(faultOfUnclear(unclearWithinLimits(read, currency, minAmountMinor)));
}

/**
 * The two amounts, in minor units, that a text can mean which `readTypedAmount` refuses as unclear, smallest first: for
 * "1.000" in English 1.00 and 1000.00 pounds. Empty for any other text, and if one of the two cannot be paid: the other
 * alone would suggest an amount a thousand times what may be meant.
 */
export function payableReadings(
  text: string,
  locale: Locale,
  currency: string,
  minAmountMinor: number | null,
): readonly number[] {
  const read = readText(text, locale, currency);
  if ('ok' in read) return [];
  const { decimals, thousands } = unclearWithinLimits(read, currency, minAmountMinor);
  return decimals.ok && thousands.ok ? [decimals.amountMinor, thousands.amountMinor] : [];
}

function unclearWithinLimits({ decimals, thousands }: Unclear, currency: string, least: number | null): Unclear {
  return { decimals: withinLimits(decimals, currency, least), thousands: withinLimits(thousands, currency, least) };
}

function withinLimits(typed: TypedAmount, currency: string, minAmountMinor: number | null): TypedAmount {
  if (!typed.ok) return typed;
  const fault = amountLimitFault(typed.amountMinor, currency, minAmountMinor);
  return fault === null ? typed : refuse(fault);
}

/**
 * The amount to charge, in minor units: the fixed price of the link, else what the buyer chose, else the typed amount.
 * `suggested`: a suggestion of the link or a reading of the unclear `amount`, in minor units, as text. `amount`: the
 * amount as typed.
 */
export function chosenAmount(
  link: PaymentLink,
  { suggested, amount = '' }: { readonly suggested?: string | undefined; readonly amount?: string | undefined },
  locale: Locale,
): TypedAmount {
  if (link.amountMinor !== null) return { ok: true, amountMinor: link.amountMinor };
  const { currency, minAmountMinor } = link;
  const isChosen = (minor: number) => String(minor) === suggested;
  const chosen =
    link.suggestedAmountsMinor?.find(isChosen) ??
    payableReadings(amount, locale, currency, minAmountMinor).find(isChosen);
  if (chosen === undefined) return readTypedAmount(amount, locale, currency, minAmountMinor);
  return withinLimits({ ok: true, amountMinor: chosen }, currency, minAmountMinor);
}

/** The smallest amount that a buyer can pay, in minor units: the larger minimum of the link and its currency. */
export function leastAmount(currency: string, minAmountMinor: number | null): number {
  return Math.max(minAmountMinor ?? 0, rulesOf(currency).minimumMinor);
}

/** An amount (minor units) as a buyer of this locale types it: only local digits and the decimal separator. */
export function typedAmountText(amountMinor: number, locale: Locale, currency: string): string {
  const { exponent } = rulesOf(currency);
  return new Intl.NumberFormat(locale.tag, {
    useGrouping: false,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(Number(minorToDecimal(amountMinor, currency)));
}

/** An amount as `formatMoney` writes it, but without decimals if they are all zero ("£25"). */
export function shortMoney(amountMinor: number, locale: Locale, currency: string): string {
  const { exponent } = rulesOf(currency);
  return formatMoney({ amountMinor, currency }, locale.tag, amountMinor % 10 ** exponent === 0 ? 0 : exponent);
}

/** How the locale writes a currency: its symbol, and whether the symbol stands before the number. */
export function currencyAffix(locale: Locale, currency: string): { symbol: string; before: boolean } {
  const parts = new Intl.NumberFormat(locale.tag, { style: 'currency', currency }).formatToParts(1);
  const at = parts.findIndex(({ type }) => type === 'currency');
  const symbol = plainCharacters(parts[at]?.value ?? '');
  return { symbol: symbol === '' ? currency : symbol, before: at < parts.findIndex(({ type }) => type === 'integer') };
}

/** Replaces Arabic and full-width digits, separators and spaces by ASCII ones, and removes text direction marks. */
function plainCharacters(text: string): string {
  return text
    .replace(BIDI_CONTROLS, '')
    .replace(/[٠-٩۰-۹０-９]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 15))
    .replace(/[，،、]/g, ',')
    .replace(/．/g, '.')
    .replace(/[’‘ʼ´`＇]/g, "'")
    .replace(/\s/g, ' ')
    .trim();
}

/** The text without the code or symbol of `currency` at its start or end. null: the text has nothing else. */
function withoutCurrency(text: string, locale: Locale, currency: string): string | null {
  const lower = text.toLowerCase();
  for (const name of currencyNames(locale, currency)) {
    const bare = lower.startsWith(name) ? text.slice(name.length) : text.slice(0, -name.length);
    if (lower.startsWith(name) || lower.endsWith(name)) return bare.trim() === '' ? null : bare.trim();
  }
  return text;
}

function currencyNames(locale: Locale, currency: string): string[] {
  const names = [locale.tag, 'en'].flatMap((tag) =>
    (['symbol', 'narrowSymbol'] as const).map((currencyDisplay) => {
      const format = new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay });
      return format.formatToParts(1).find(({ type }) => type === 'currency')?.value ?? '';
    }),
  );
  // The longest name first: "CA$" must not leave "CA" when "$" is removed.
  return [...new Set([currency, ...names].map((name) => plainCharacters(name).toLowerCase()))]
    .filter((name) => name !== '')
    .sort((a, b) => b.length - a.length);
}

/** How to read a text with one kind of separator before groups of three digits, and no decimals: "1,234". */
function readSingleGroup(
  rest: string,
  separator: string,
  locale: Locale,
  currency: string,
): 'thousands' | 'decimals' | 'unclear' {
  const onlyGroups = (separator !== '.' && separator !== ',') || rest.length > 4;
  if (onlyGroups) return 'thousands';
  const { exponent } = rulesOf(currency);
  const { group, decimal } = separatorsOf(locale, currency);
  if (exponent < 3 && group.has(separator) && (exponent === 0 || !decimal.has(separator))) return 'thousands';
  if (exponent === 3 && decimal.has(separator) && !group.has(separator)) return 'decimals';
  return 'unclear';
}

/** The separators of the locale. Some locales use other ones for money than for numbers (fr-CH). */
function separatorsOf(locale: Locale, currency: string): { group: Set<string>; decimal: Set<string> } {
  const parts = [{}, { style: 'currency' as const, currency }].flatMap((options) =>
    new Intl.NumberFormat(locale.tag, { ...options, minimumFractionDigits: 2 }).formatToParts(1234567.89),
  );
  const valuesOf = (wanted: string) =>
    new Set(parts.filter(({ type }) => type === wanted).map(({ value }) => plainCharacters(value)));
  return { group: valuesOf('group'), decimal: valuesOf('decimal') };
}

function toMinor(whole: string, fraction: string, currency: string): TypedAmount {
  const { exponent, maximumMinor } = rulesOf(currency);
  // More digits before the decimals are never an amount, and a double may not hold them exactly.
  const mostDigits = String(maximumMinor).length + 1;
  if (whole === '' && fraction === '') return refuse({ code: 'not_a_number' });
  if (fraction.length > exponent) return refuse({ code: 'too_many_decimals', decimals: exponent });
  const significant = whole.replace(/^0+/, '');
  if (significant.length > mostDigits) return refuse({ code: 'above_maximum', maximumMinor });
  if (whole.length > mostDigits) return refuse({ code: 'not_a_number' });
  return { ok: true, amountMinor: Number(whole + fraction.padEnd(exponent, '0')) };
}

function refuse(fault: AmountFault): { ok: false; fault: AmountFault } {
  return { ok: false, fault };
}
