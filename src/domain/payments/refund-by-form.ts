import { ApiError } from '../../core/errors.ts';
import type { Refund } from '../../db/refunds.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { isSpent, operationOfForm, type RunningOperation } from '../operations.ts';
import { type RefundWanted, refundPayment } from './refund-payment.ts';

/** How often, and after how long (ms), a form is tried again while Stripe still works on the same form. */
const TRIES = 5;
const WAIT_MS = 1_000;

/** A refund that a person asks for. `form`: the random id that the page gave the form. */
export interface FormRefundWanted extends RefundWanted {
  readonly id: number;
  readonly form: string;
}

/**
 * What became of a form. `refunded`: this form made the refund, now or before. `made_before`: it has made this refund, of
 * another amount than is asked for now; nothing was done now. `spent`: Stripe has answered this form with a failure that it
 * repeats, and has no refund of it. Only a new form can make one.
 */
export type FormRefund =
  | { readonly kind: 'refunded' | 'made_before'; readonly refund: Refund }
  | { readonly kind: 'spent' };

/**
 * `refundPayment` for a form: one form makes one refund at most, however often it is sent and whatever it says then. After
 * `service_unavailable` the same form may be sent again, after every other error a new one. Throws what `refundPayment`
 * throws.
 */
export async function refundByForm(context: Context, { form, ...wanted }: FormRefundWanted): Promise<FormRefund> {
  const running = await operationOfForm(context, { action: 'refund', form, content: [String(wanted.id)] });
  const refund = await refundOnce(context, { ...wanted, ...running });
  if (!refund) return { kind: 'spent' };
  const isAsked = wanted.amountMinor === null || wanted.amountMinor === refund.amountMinor;
  return { kind: isAsked ? 'refunded' : 'made_before', refund };
}

/** null: the form is spent. A double click waits for the request of the first. */
async function refundOnce(
  context: Context,
  input: RefundWanted & RunningOperation & { readonly id: number },
): Promise<Refund | null> {
  for (let tries = 1; ; tries++) {
    try {
      return await refundPayment(context, input);
    } catch (error) {
      const failure = error instanceof ApiError && error.code === 'service_unavailable' ? error.cause : null;
      if (isSpent(failure)) return null;
      if (!(failure instanceof StripeFailure) || failure.kind !== 'in_progress' || tries === TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}
