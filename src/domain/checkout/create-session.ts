import { ApiError, type Fault, inputError } from '../../core/errors.ts';
import type { Money } from '../../core/money/money.ts';
import { amountInWords, judgeAmount, type RequestedAmount } from '../../core/money/requested-amount.ts';
import { findPaymentLink, type PaymentLink } from '../../db/payment-links.ts';
import { findPaymentByOperation, type PaymentView } from '../../db/payments.ts';
import { chargeableAccount } from '../accounts/chargeable-account.ts';
import type { Context } from '../context.ts';
import { enterLink, freePlace } from '../links/places.ts';
import { closedReason, linkRefusalError } from '../links/readiness.ts';
import type { RunningOperation } from '../operations.ts';
import { askingStripe } from '../stripe-errors.ts';
import { firstUrl, openSession, type SessionToOpen, type SessionWithUrl } from './open-session.ts';

/**
 * Where a session's price comes from: the request or a payment link. `field`: the name of the input's member that holds
 * the amount. `amount`: for a link without a fixed price.
 */
type PriceRequest =
  | { readonly kind: 'ad_hoc'; readonly price: Money; readonly field: string }
  | { readonly kind: 'link'; readonly token: string; readonly amount: RequestedAmount | null };

/** The checkout session that a request asks for. */
export interface CreateSession
  extends Omit<SessionToOpen, keyof RunningOperation | 'account' | 'price' | 'link' | 'placeIsNew'> {
  readonly price: PriceRequest;
}

/**
 * Makes a Stripe Checkout session on the workspace's own account (a direct charge, no platform fee) and stores its
 * payment. A resumed operation returns the session that it made before, with the same URL. Throws `CONNECT_ACCOUNT_MISSING`,
 * `CONNECT_ACCOUNT_NOT_READY`, `not_found`, `payment_link_inactive`, `payment_link_sold_out`, `invalid_amount`,
 * `stripe_error`, `service_unavailable`.
 */
export async function createSession(
  context: Context,
  input: CreateSession & RunningOperation,
): Promise<SessionWithUrl> {
  const { operation, price } = input;
  if (operation.resumed) {
    const written = await findPaymentByOperation(context.database, context.workspace.id, operation.id);
    if (written) return { payment: written, url: await urlAgain(context, input, written) };
  }
  const account = chargeableAccount(context, 'merchant').stripeAccountId;
  const priced =
    price.kind === 'link'
      ? await priceByLink(context, price, operation.id)
      : { price: price.price, link: null, placeIsNew: false };
  const open = () => openSession(context, { ...input, account, ...priced });
  return await askingStripe(open).catch((error) => {
    throw error instanceof ApiError ? namingAmount(error, price, priced.link) : error;
  });
}

/** The URL that the answer of an earlier try had. The link may be closed by now: the session was made all the same. */
async function urlAgain(
  context: Context,
  { price, ...input }: CreateSession & RunningOperation,
  made: PaymentView,
): Promise<string | null> {
  const { database, workspace } = context;
  const link = price.kind === 'link' ? await findPaymentLink(database, workspace.id, price.token) : null;
  return await askingStripe(() => firstUrl(context, { ...input, link }, made));
}

/** The same error, but a fault of the amount names the member of the input that the amount comes from. */
function namingAmount(error: ApiError, price: PriceRequest, link: PaymentLink | null): ApiError {
  if (error.code !== 'invalid_amount') return error;
  const name = (fault: Fault): Fault => {
    if (link !== null && link.amountMinor !== null) {
      const problem = 'is of a link whose price is outside what Stripe accepts for this account and currency.';
      return { ...fault, field: 'paymentLinkToken', problem };
    }
    const field = price.kind === 'ad_hoc' ? price.field : price.amount?.field;
    return { ...fault, field: field ?? fault.field };
  };
  return inputError(error.faults.map(name));
}

/** Takes a place before it checks the amount: a sold-out link is refused first. A wrong amount frees the place. */
async function priceByLink(
  context: Context,
  request: PriceRequest & { readonly kind: 'link' },
  operationId: string,
): Promise<Pick<SessionToOpen, 'price' | 'link' | 'placeIsNew'>> {
  const link = await findOpenLink(context, request.token);
  const placeIsNew = await takePlace(context, link, operationId);
  try {
    return { price: priceOfLink(link, request.amount), link, placeIsNew };
  } catch (error) {
    if (placeIsNew) await freePlace(context, { ...link, operationId });
    throw error;
  }
}

async function findOpenLink(context: Context, token: string): Promise<PaymentLink> {
  const link = await findPaymentLink(context.database, context.workspace.id, token);
  if (!link) throw new ApiError('not_found', 'No payment link with this token in your workspace.');
  const closed = closedReason(link, context.now());
  if (closed) throw linkRefusalError(closed);
  return link;
}

/** Takes a place of the link. True if the operation had none before. Throws `payment_link_sold_out`. */
async function takePlace(context: Context, link: PaymentLink, operationId: string): Promise<boolean> {
  const entered = await enterLink(context, link, operationId, null);
  if (entered.kind !== 'sold_out') return entered.kind === 'taken' && entered.isNew;
  const remedy = entered.held ? 'A place may come back when an open session expires.' : 'All its payments are made.';
  const most = entered.maxPayments === 1 ? 'one payment' : `${entered.maxPayments} payments`;
  throw new ApiError('payment_link_sold_out', `This payment link takes ${most}. ${remedy}`);
}

/**
 * The price of a session of this link: the link's fixed amount, or else the request's `amount`. Throws `invalid_amount`
 * if the link has no fixed amount and does not accept `amount`.
 */
function priceOfLink(link: PaymentLink, amount: RequestedAmount | null): Money {
  const { currency, minAmountMinor } = link;
  if (link.amountMinor !== null) return { amountMinor: link.amountMinor, currency };
  if (amount === null) {
    throw wrongAmount('amountMinor', 'is required: a positive integer in minor units, for example 4999.');
  }
  const judged = judgeAmount(amount, currency);
  if (!judged.ok) throw wrongAmount(amount.field, judged.problem);
  const { amountMinor } = judged;
  if (amountMinor === null) throw new TypeError('An amount that was checked with its currency has a value');
  if (minAmountMinor !== null && amountMinor < minAmountMinor) {
    const minimum = amountInWords({ amountMinor: minAmountMinor, currency }, amount.unit);
    throw wrongAmount(amount.field, `must be at least ${minimum}, this link's minimum.`);
  }
  return { amountMinor, currency };
}

function wrongAmount(field: string, problem: string): ApiError {
  return inputError([{ field, code: 'invalid_amount', problem }]);
}
