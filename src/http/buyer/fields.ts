import * as z from 'zod/mini';
import { isFormId } from '../../core/ids.ts';

/** Stripe's id of a Checkout session. */
const SESSION_ID = /^cs_[0-9A-Za-z_]{1,250}$/;

/** The first value of a field or parameter, which may come several times. */
export const first = z.transform((value: unknown): unknown => (Array.isArray(value) ? value[0] : value));

/** A text, or undefined where there is none or something else. */
export const anyText = z.pipe(first, z.catch(z.optional(z.string()), undefined));

/** The random id of a form. Sent again with the same content, the form is the same session. */
export const formId = z.string().check(z.refine(isFormId));

/** Stripe's id of a Checkout session, as Stripe adds it to the address that the buyer comes back to. */
export const sessionId = z.string().check(z.regex(SESSION_ID));
