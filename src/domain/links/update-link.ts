import { type Fault, inputError, unavailable } from '../../core/errors.ts';
import { parseCurrency } from '../../core/money/money.ts';
import { listOpenSessions } from '../../db/link-sessions.ts';
import { type PaymentLink, updatePaymentLink } from '../../db/payment-links.ts';
import { changedOf, definedOf } from '../changes.ts';
import { auditOf, type Context } from '../context.ts';
import type { LinkContent } from './create-link.ts';
import { decideLinkPrice, type LinkPrice, type LinkPriceInput } from './link-price.ts';
import { limitOf, updateEnded } from './places.ts';
import { readLink } from './readiness.ts';
import { markSoldOut } from './sell-out.ts';

/** A change of a payment link. A member that is undefined stays as it is. */
export interface LinkChange {
  readonly currency: string | undefined;
  readonly kind: PaymentLink['kind'] | undefined;
  readonly price: LinkPriceInput;
  readonly changes: { readonly [Name in keyof LinkContent]?: LinkContent[Name] | undefined };
}

type LinkToChange = LinkChange & { readonly token: string };

/** How often a change is tried. If several requests change the price of a link at once, one succeeds in each round. */
const MAX_ROUNDS = 20;
/** How many sessions of a link are read, and sent to its gate, at once. */
const SESSIONS_AT_ONCE = 2000;
/** How many operations one query names: D1 binds at most 100 values. */
const NAMED_AT_ONCE = 90;

/**
 * Changes a payment link of this workspace. Writes nothing if nothing differs. A link that already has as many payments
 * as its new limit is sold out at once. Throws `not_found`, `validation_failed` with all faults (also for another
 * currency or kind), and `service_unavailable` if other requests keep changing the link's price.
 */
export async function updateLink(context: Context, input: LinkToChange): Promise<PaymentLink> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const updated = await changeOnce(context, input);
    if (updated) return updated;
  }
  throw unavailable('This link is being changed by others right now. Send the same request again in a few seconds.');
}

/** Tries a change once. null: nothing is written, because another request changed the price after the link was read. */
async function changeOnce(context: Context, { token, ...change }: LinkToChange): Promise<PaymentLink | null> {
  const link = await readLink(context, token);
  const price = decideLinkPrice(change.price, link.currency, link);
  const faults = [...unchangeableFaults(link, change), ...(price.ok ? [] : price.faults)];
  if (!price.ok || faults.length > 0) throw inputError(faults);

  const limit = change.changes.maxPayments ?? null;
  // Places are kept before the limit is written, so that it counts all sessions, and afterwards for newer sessions.
  const kept = limit === null ? [] : await keepPlaces(context, link, limit);
  const content = { ...changedOf(link, definedOf(change.changes)), ...priceChange(link, price.price) };
  if (Object.keys(content).length === 0) return link;
  const audit = auditOf(context, 'payment_link.update', token);
  const updated = await updatePaymentLink(context.database, link, { ...content, updatedAt: context.now() }, audit);
  if (!updated) return null;
  if (limit !== null && content.maxPayments === limit) {
    const stillOpen = new Set(await keepPlaces(context, updated, limit));
    await updateAllEnded(
      context,
      link,
      kept.filter((operationId) => !stillOpen.has(operationId)),
    );
  }
  if (limit !== null && updated.paidCount >= limit) await markSoldOut(context, updated);
  return updated;
}

/** Amount, minimum and suggestions must fit each other, so a change of one writes all three. */
function priceChange(link: PaymentLink, price: LinkPrice): Partial<LinkPrice> {
  return Object.keys(changedOf(link, price)).length > 0 ? price : {};
}

/**
 * Reports to the link's gate the limit that `link` has and how many payments of it are stored, and keeps the places of its
 * open sessions, in parts. Where as many are paid as `maxPayments` allows, open sessions need no places. Returns the
 * operations whose places it kept.
 */
async function keepPlaces(context: Context, link: PaymentLink, maxPayments: number): Promise<string[]> {
  const gate = context.linkGate(link.token);
  const kept: string[] = [];
  let after: number | undefined = 0;
  while (after !== undefined) {
    const part = await listOpenSessions(context.database, link, { after, limit: SESSIONS_AT_ONCE });
    await gate.updateLimit(limitOf(link), part.paidCount);
    if (part.paidCount >= maxPayments) return kept;
    const operationIds = part.open.map(({ operationId }) => operationId);
    await gate.keepPlaces(operationIds);
    kept.push(...operationIds);
    after = part.open[SESSIONS_AT_ONCE - 1]?.id;
  }
  return kept;
}

/** Updates the places of sessions that ended while their places were kept: then they may hold a place that is not theirs. */
async function updateAllEnded(context: Context, link: PaymentLink, operationIds: readonly string[]): Promise<void> {
  for (let from = 0; from < operationIds.length; from += NAMED_AT_ONCE) {
    await updateEnded(context, link, operationIds.slice(from, from + NAMED_AT_ONCE));
  }
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
