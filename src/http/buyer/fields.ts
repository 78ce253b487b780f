import * as z from 'zod/mini';
import { readEmail } from '../../core/email.ts';
import { isFormId } from '../../core/ids.ts';
import { nameFault } from '../../core/text.ts';
import { withPluses } from '../../core/urls.ts';
import { MAX_TYPED_CHARACTERS } from './amount-input.ts';

/** The pattern of Stripe's id of a Checkout session. */
const SESSION_ID = /^cs_[0-9A-Za-z_]{1,250}$/;

/** A schema that takes the first value of a field or parameter, which may be sent several times. */
export const first = z.transform((value: unknown): unknown => (Array.isArray(value) ? value[0] : value));

/** A schema for a text. Any other value becomes undefined. */
export const anyText = z.pipe(first, z.catch(z.optional(z.string()), undefined));

/** A schema for the random id of a form. A form that is sent again with the same content uses the same session. */
export const formId = z.string().check(z.refine(isFormId));

/** A schema for Stripe's id of a Checkout session, which Stripe adds to the address that the buyer comes back to. */
export const sessionId = z.string().check(z.regex(SESSION_ID));

/**
 * What the query of a page says about the buyer. An e-mail, an advertisement or a merchant's page can set it in a link.
 * A value is null if it was not sent or is not valid.
 */
export interface Prefill {
  readonly email: string | null;
  readonly reference: string | null;
  readonly utm: Readonly<Record<string, string>>;
  /** The amount as the buyer typed it. */
  readonly amount: string | null;
}

const line = z.pipe(first, z.catch(z.nullable(z.string().check(z.refine((text) => isLine(text)))), null));

/** An international domain becomes punycode. A space is a `+` of a query that was not written as `%2B`. */
const email = z.pipe(
  anyText,
  z.transform((text: string | undefined) => (text === undefined ? null : readEmail(withPluses(text)))),
);

/** True for one line of 1 to 500 characters that can be seen, without control and text direction characters. */
function isLine(text: string): boolean {
  return nameFault(text, 500) === null;
}

/** The schemas for `toPrefill`. A malformed value becomes null, because the buyer cannot correct it. */
export const prefillFields = {
  email,
  reference: line,
  amount: anyText,
  utm_source: line,
  utm_medium: line,
  utm_campaign: line,
  utm_term: line,
  utm_content: line,
};

const fields = z.object(prefillFields);

/** Makes the prefill from the members of a query or form. */
export function toPrefill({ email, reference, amount, ...rest }: z.output<typeof fields>): Prefill {
  const { utm_source, utm_medium, utm_campaign, utm_term, utm_content } = rest;
  return {
    email,
    reference,
    utm: presentOf({ utm_source, utm_medium, utm_campaign, utm_term, utm_content }),
    amount: amount ? amount.slice(0, MAX_TYPED_CHARACTERS).toWellFormed() : null,
  };
}

/** A schema that reads the prefill from any query or form. It refuses nothing. */
export const prefill = z.pipe(fields, z.transform(toPrefill));

/**
 * The query with which the pay page has the same prefill again, but no e-mail address: an address may be logged and
 * shared.
 */
export function prefillParameters({ amount, reference, utm }: Prefill): Record<string, string> {
  return { ...presentOf({ amount, reference }), ...utm };
}

/** The query with the prefill that the widget sends: the reference. The e-mail address is in no address. */
export function widgetPrefillParameters({ reference }: Prefill): Record<string, string> {
  return presentOf({ reference });
}

function presentOf(values: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  );
}
