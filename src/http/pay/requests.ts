import * as z from 'zod/mini';
import type { AmountFault } from '../buyer/amount-input.ts';
import { anyText, first, formId, prefillFields, sessionId, toPrefill } from '../buyer/fields.ts';
import { PROOF_FIELD } from '../buyer/turnstile.ts';

/** The notices above a form that was not taken as it was sent. */
const FORM_NOTICES = ['price_changed', 'try_again', 'slow_down'] as const;
export type FormNotice = (typeof FORM_NOTICES)[number];

/** A schema for why a form was not taken: a notice above it, or `amount_refused`, which its amount field says. */
export const formRefusal = z.catch(z.nullable(z.enum([...FORM_NOTICES, 'amount_refused'])), null);
export type FormRefusal = z.output<typeof formRefusal>;

const AMOUNT_FAULTS = [
  ...(['empty', 'not_a_number', 'two_readings', 'too_many_decimals'] as const),
  ...(['below_minimum', 'above_maximum', 'not_a_multiple', 'not_accepted'] as const),
] satisfies readonly AmountFault['code'][];

const amountFaultCode = z.pipe(first, z.catch(z.optional(z.enum(AMOUNT_FAULTS)), undefined));

/**
 * The query of the pay page. `cancelled`: the buyer comes back from Checkout without having paid. `again`: the page
 * shows the form that this browser has sent, with what was entered and why it was not taken. Both are in a cookie,
 * because anyone can write an address. `refused`: so does it, and its amount was refused for this reason, which is all
 * that the page knows where the browser keeps no cookies.
 */
export const payQuery = z.pipe(
  z.object({ ...prefillFields, cancelled: anyText, again: anyText, refused: amountFaultCode }),
  z.transform(({ cancelled, again, refused, ...fields }) => ({
    cancelled: cancelled !== undefined,
    again: again !== undefined || refused !== undefined,
    refused,
    prefill: toPrefill(fields),
  })),
);

/** What the pay page says, in the query to which its form is sent for another language. */
export const shownQuery = z.object({
  cancelled: anyText,
  notice: z.pipe(first, z.catch(z.optional(z.enum(FORM_NOTICES)), undefined)),
});

const formFields = z.object({
  ...prefillFields,
  operation: z.pipe(first, formId),
  shown: anyText,
  suggested: anyText,
  lang: anyText,
  [PROOF_FIELD]: anyText,
});

/** The form of the pay page. It is refused only if the random id that the page gave it is missing or malformed. */
export const payForm = z.pipe(
  formFields,
  z.transform(({ operation, shown, suggested, lang, [PROOF_FIELD]: proof, ...fields }) => ({
    form: operation,
    shown,
    suggested,
    /** The language that the buyer wants the form in. Not set: the buyer wants to pay. */
    lang,
    /** The amount as typed. */
    amount: fields.amount,
    /** The proof that the buyer is human. */
    proof,
    prefill: toPrefill(fields),
  })),
);

export type PayForm = z.output<typeof payForm>;

/** The query of the page after Checkout, and of its `/status`. */
export const doneQuery = z.object({ session_id: z.pipe(first, sessionId) });

/** The levels of error correction: about 7, 15, 25 and 30 percent of the code may be damaged (ISO/IEC 18004). */
const ERROR_CORRECTIONS = ['L', 'M', 'Q', 'H'] as const;
export type ErrorCorrection = (typeof ERROR_CORRECTIONS)[number];

/** How a QR code is drawn. */
export interface QrOptions {
  /** The edge of the square image with its quiet zone: an integer, in pixels. */
  readonly size: number;
  readonly errorCorrection: ErrorCorrection;
  /** The blank margin on each side: an integer, in modules. ISO/IEC 18004 asks for 4. */
  readonly quietZone: number;
}

/**
 * The query of a QR code: `size` (64 to 2048 pixels), `ec` (L, M, Q or H) and `margin` (0 to 16 modules). A value that
 * is not sent is 512, M or 4.
 */
export const qrQuery = z.pipe(
  z.object({
    size: integerWithin('size', 64, 2048, 512, 'pixels'),
    ec: z.pipe(first, z._default(z.enum(ERROR_CORRECTIONS, `ec must be one of ${ERROR_CORRECTIONS.join(', ')}.`), 'M')),
    margin: integerWithin('margin', 0, 16, 4, 'modules'),
  }),
  z.transform(({ size, ec, margin }): QrOptions => ({ size, errorCorrection: ec, quietZone: margin })),
);

/** A schema for an integer in plain decimal digits. `standard`: the value if none is sent. */
function integerWithin(name: string, least: number, most: number, standard: number, unit: string) {
  const message = `${name} must be an integer from ${least} to ${most}, in ${unit}.`;
  const isWithin = (digits: string) => Number(digits) >= least && Number(digits) <= most;
  const digits = z.string(message).check(z.regex(/^(0|[1-9]\d{0,5})$/, { error: message, abort: true }));
  const integer = z.pipe(digits.check(z.refine(isWithin, message)), z.transform(Number));
  return z.pipe(first, z._default(integer, standard));
}
