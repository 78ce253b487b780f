import { DEFAULT_SHARD } from '../../core/ids.ts';
import { findInDirectory, findSessionOfAccount, type SessionOfAccount } from '../../db/account-sessions.ts';
import { findWorkspaceByPayment, type StripeNames } from '../../db/workspaces.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import { inShard, type PlatformContext } from '../context.ts';

/** The workspace of a Stripe event, and the payment of its session. */
export interface Found extends SessionOfAccount {
  /** The context of the shard in which both are stored. */
  readonly platform: PlatformContext;
}

/**
 * Finds the workspace of an event in the shard that the account directory names. null: no workspace is found. One round
 * trip if this is the first shard, else two; one more for an account that the workspace has replaced. Throws
 * `service_unavailable` if no database is bound for the shard.
 */
export async function findOwner(context: PlatformContext, event: StripeEvent, account: string): Promise<Found | null> {
  const { livemode } = event;
  const named = { account, livemode, stripeSessionId: sessionIdOf(event) };
  const { entry, first } = await findInDirectory(context.directory, named);
  const shard = entry?.shard ?? DEFAULT_SHARD;
  const platform = inShard(context, shard);
  const found = shard === DEFAULT_SHARD ? first : await findSessionOfAccount(platform.database, named);
  if (found) return { platform, ...found };
  const names = namesIn(event);
  const owner = names && (await findWorkspaceByPayment(platform.database, { account, livemode, ...names }));
  return owner && { platform, owner, payment: undefined };
}

/** The id of the Checkout session that an event is about. null: it is about something else. */
export function sessionIdOf({ fact }: StripeEvent): string | null {
  if (fact.kind === 'session') return fact.session.id;
  return fact.kind === 'outdated' && fact.object === 'session' ? fact.id : null;
}

/** The Stripe ids by which the payment of an event is found. null: the event is about the account itself. */
function namesIn({ fact }: StripeEvent): StripeNames | null {
  switch (fact.kind) {
    case 'session':
      return { sessionId: fact.session.id, paymentIntentId: null };
    case 'charge_refunded':
      return { sessionId: null, paymentIntentId: fact.charge.paymentIntentId };
    case 'refund':
      return { sessionId: null, paymentIntentId: fact.refund.paymentIntentId };
    case 'dispute':
      return { sessionId: null, paymentIntentId: fact.dispute.paymentIntentId };
    case 'misshapen':
    case 'outdated':
      return { sessionId: fact.traces.id, paymentIntentId: fact.traces.paymentIntentId };
    default:
      return null;
  }
}
