import { ApiError } from '../../core/errors.ts';
import type { Money } from '../../core/money/money.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { findPaymentByOperation, type PaymentView } from '../../db/payments.ts';
import { type Context, chargeableAccount } from '../context.ts';
import { enterLink, freePlace } from '../links/places.ts';
import type { RunningOperation } from '../operations.ts';
import { askingStripe } from '../stripe-errors.ts';
import { openSession, type SessionToOpen } from './open-session.ts';
import { findOpenLink, type PriceRequest, resolvePrice } from './price.ts';

export interface CreateSession extends Omit<SessionToOpen, 'account' | 'price' | 'link' | 'placeIsNew'> {
  readonly price: PriceRequest;
}

/**
 * Makes a Stripe-hosted Checkout session on the workspace's own account (a direct charge, no platform fee) and its row.
 * One operation makes one session and one row, however often it is resumed.
 * Throws `CONNECT_ACCOUNT_MISSING`, `CONNECT_ACCOUNT_NOT_READY`, `not_found`, `payment_link_inactive`,
 * `payment_link_sold_out`, `invalid_amount`, `stripe_error`, `service_unavailable`.
 */
export async function createSession(
  context: Context,
  running: RunningOperation,
  input: CreateSession,
): Promise<PaymentView> {
  const { operation } = running;
  if (operation.resumed) {
    const written = await findPaymentByOperation(context.database, context.workspace.id, operation.id);
    if (written) return written;
  }
  const account = chargeableAccount(context).stripeAccountId;
  const link = await findOpenLink(context, input.price);
  const placeIsNew = await takePlace(context, link, operation.id);
  const price = await priceOrFreePlace(context, input.price, link, placeIsNew ? operation.id : null);
  const opened = await askingStripe(() =>
    openSession(context, running, { ...input, account, price, link, placeIsNew }),
  );
  return opened.payment;
}

/**
 * The price; where it is wrong the place is freed: the place is taken first, because a sold-out link is reported before a
 * wrong amount. `newPlaceOf`: the operation that has just taken a place; null: none has.
 */
async function priceOrFreePlace(
  context: Context,
  request: PriceRequest,
  link: PaymentLink | null,
  newPlaceOf: string | null,
): Promise<Money> {
  try {
    return resolvePrice(request, link);
  } catch (error) {
    if (link && newPlaceOf !== null) {
      await freePlace(context, { token: link.token, maxPayments: link.maxPayments, operationId: newPlaceOf });
    }
    throw error;
  }
}

/** True where the operation has a place now that it did not have before. */
async function takePlace(context: Context, link: PaymentLink | null, operationId: string): Promise<boolean> {
  if (!link) return false;
  const entered = await enterLink(context, link, operationId, null);
  if (entered.kind !== 'sold_out') return entered.kind === 'taken' && entered.isNew;
  const remedy = entered.held ? 'A place may come back when an open session expires.' : 'All its payments are made.';
  throw new ApiError('payment_link_sold_out', `This payment link takes ${link.maxPayments} payments. ${remedy}`);
}
