import type { Context } from 'hono';
import { prefill, prefillParameters } from '../buyer/fields.ts';

/** The prefill in the query of a page, without the e-mail address, for the query of the next page. */
export function prefillInAddress(c: Pick<Context, 'req'>): Record<string, string> {
  return prefillParameters(prefill.parse(c.req.query()));
}

/** The amount with which the address opens the form, as text. null: it has none. */
export function amountInAddress(c: Pick<Context, 'req'>): string | null {
  return prefill.parse(c.req.query()).amount;
}

/** The parameter by which the pay page knows that its buyer comes back from Checkout without having paid. */
export function cancelledParameter(cancelled: boolean): Record<string, string> {
  return cancelled ? { cancelled: '1' } : {};
}
