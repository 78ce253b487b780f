import { ApiError, type Fault, inputError, unavailable } from '../../core/errors.ts';
import { parseCurrency } from '../../core/money/money.ts';
import { findPaymentLink, type PaymentLink, updatePaymentLink } from '../../db/payment-links.ts';
import { listPlaceHolders } from '../../db/payments.ts';
import { changedOf, definedOf } from '../changes.ts';
import { auditOf, type Context } from '../context.ts';
import type { LinkContent } from './create-link.ts';
import { decideLinkPrice, type LinkPrice, type LinkPriceInput } from './link-price.ts';
import { noteSoldOut } from './sell-out.ts';

/** What is to change; undefined: stays as it is. */
export interface LinkChange {
  readonly currency: string | undefined;
  readonly kind: PaymentLink['kind'] | undefined;
  readonly price: LinkPriceInput;
  readonly changes: { readonly [Name in keyof LinkContent]?: LinkContent[Name] | undefined };
}

/** Of changes to one link at the same time one gets through in each round. */
const MAX_ROUNDS = 20;

/**
 * Changes a link of this workspace. Currency and kind may only be sent as they are. Nothing sent: nothing is written. A limit
 * that is paid already sells the link out at once.
 * Throws `not_found`, `validation_failed` with all faults, and `service_unavailable` where others keep changing its price.
 */
export async function updateLink(context: Context, token: string, change: LinkChange): Promise<PaymentLink> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const updated = await changeOnce(context, token, change);
    if (updated) return updated;
  }
  throw unavailable('This link is being changed by others right now. Send the same request again in a few seconds.');
}

/** null, and nothing is changed, where another change came between reading the link and writing it. */
async function changeOnce(context: Context, token: string, change: LinkChange): Promise<PaymentLink | null> {
  const link = await findPaymentLink(context.database, context.workspace.id, token);
  if (!link) throw new ApiError('not_found', 'No payment link with this id in your workspace.');
  const price = decideLinkPrice(change.price, link.currency, link);
  const faults = [...unchangeableFaults(link, change), ...(price.ok ? [] : price.faults)];
  if (!price.ok || faults.length > 0) throw inputError(faults);

  const limit = change.changes.maxPayments ?? null;
  // Before the limit is in force, so that one never is without its places; again after it, for sessions made meanwhile.
  let paid = limit === null ? 0 : await givePlaces(context, link, limit);
  // With another limit the gate has to say anew whether a place is left.
  const reopened = change.changes.maxPayments !== undefined ? { soldOutAt: null } : {};
  const content = {
    ...changedOf(link, reopened),
    ...changedOf(link, definedOf(change.changes)),
    ...priceChange(link, price.price),
  };
  if (Object.keys(content).length === 0) return link;
  const audit = auditOf(context, 'payment_link.update', token);
  const updated = await updatePaymentLink(context.database, link, { ...content, updatedAt: context.now() }, audit);
  if (!updated) return null;
  if (limit !== null && link.maxPayments === null) paid = await givePlaces(context, link, limit);
  if (limit !== null && paid >= limit) await noteSoldOut(context, updated);
  return updated;
}

/** Amount, minimum and suggestions fit together, so they are written together. */
function priceChange(link: PaymentLink, price: LinkPrice): Partial<LinkPrice> {
  return Object.keys(changedOf(link, price)).length > 0 ? price : {};
}

/**
 * A limit for a link that may have been paid before: its present sessions and payments take the first places. Answers how
 * many are paid, up to the limit.
 */
async function givePlaces(context: Context, link: PaymentLink, maxPayments: number): Promise<number> {
  const { paid, open } = await listPlaceHolders(context.database, context.workspace.id, link.id, maxPayments);
  const gate = context.linkGate(link.token);
  await gate.markPaid(paid);
  await gate.keepPlaces(open);
  return paid.length;
}

function unchangeableFaults(link: PaymentLink, change: LinkChange): Fault[] {
  const refusal = (field: string, present: string): Fault => ({
    field,
    code: 'validation_failed',
    problem: `cannot change: it is ${present}. Create a new link.`,
  });
  const { currency, kind } = change;
  const isOther = currency !== undefined && parseCurrency(currency) !== link.currency;
  return [
    ...(isOther ? [refusal('currency', link.currency)] : []),
    ...(kind !== undefined && kind !== link.kind ? [refusal('kind', link.kind)] : []),
  ];
}
