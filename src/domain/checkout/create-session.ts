import { ApiError } from '../../core/errors.ts';
import type { Money } from '../../core/money/money.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { findPaymentByOperation, type PaymentView } from '../../db/payments.ts';
import { chargeableAccount } from '../accounts/chargeable-account.ts';
import type { Context } from '../context.ts';
import { enterLink, freePlace } from '../links/places.ts';
import type { RunningOperation } from '../operations.ts';
import { askingStripe } from '../stripe-errors.ts';
import { openSession, type SessionToOpen } from './open-session.ts';
import { findOpenLink, type PriceRequest, priceOfLink } from './price.ts';

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
  const { price } = input;
  const priced = price.kind === 'link' ? await priceByLink(context, price, operation.id) : withoutLink(price.price);
  const opened = await askingStripe(() => openSession(context, running, { ...input, account, ...priced }));
  return opened.payment;
}

type Priced = Pick<SessionToOpen, 'price' | 'link' | 'placeIsNew'>;

function withoutLink(price: Money): Priced {
  return { price, link: null, placeIsNew: false };
}

/** The place is taken before the amount is judged: a sold-out link is the first refusal. A wrong amount gives it back. */
async function priceByLink(
  context: Context,
  request: PriceRequest & { readonly kind: 'link' },
  operationId: string,
): Promise<Priced> {
  const link = await findOpenLink(context, request.token);
  const placeIsNew = await takePlace(context, link, operationId);
  try {
    return { price: priceOfLink(link, request), link, placeIsNew };
  } catch (error) {
    if (placeIsNew) {
      await freePlace(context, { token: link.token, maxPayments: link.maxPayments, operationId });
    }
    throw error;
  }
}

/** True where the operation has a place now that it did not have before. Throws `payment_link_sold_out`. */
async function takePlace(context: Context, link: PaymentLink, operationId: string): Promise<boolean> {
  const entered = await enterLink(context, link, operationId, null);
  if (entered.kind !== 'sold_out') return entered.kind === 'taken' && entered.isNew;
  const remedy = entered.held ? 'A place may come back when an open session expires.' : 'All its payments are made.';
  throw new ApiError('payment_link_sold_out', `This payment link takes ${link.maxPayments} payments. ${remedy}`);
}
