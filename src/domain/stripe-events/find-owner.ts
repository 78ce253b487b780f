import { DEFAULT_SHARD, shardOf } from '../../core/ids.ts';
import {
  findInDirectory,
  findSessionOfAccount,
  type NamedByEvent,
  type SessionOfAccount,
} from '../../db/account-sessions.ts';
import { findWorkspaceByPayment, type StripeNames } from '../../db/workspaces.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import { inShard, type PlatformContext } from '../context.ts';
import { readClaim } from '../payments/metadata.ts';

/** The workspace of a Stripe event, and the payment of its session. */
export interface Found extends SessionOfAccount {
  /** The context of the shard in which both are stored. */
  readonly platform: PlatformContext;
}

/**
 * Finds the workspace of an event. null: none is found. The metadata of an object that we have made says in which shard
 * its account is: one round trip. Else the account directory says it: one round trip if this is the first shard, else two;
 * one more for an account that the workspace has replaced. Throws `service_unavailable` if no database is bound for the shard.
 */
export async function findOwner(context: PlatformContext, event: StripeEvent, account: string): Promise<Found | null> {
  const named = { account, livemode: event.livemode, stripeSessionId: sessionIdOf(event) };
  return (await findWhereMade(context, event, named)) ?? (await findByDirectory(context, event, named));
}

/**
 * Looks in the shard in the operation id of an event's metadata. Anyone can write such metadata on an account of their own,
 * so the account must be connected there.
 */
async function findWhereMade(context: PlatformContext, event: StripeEvent, named: NamedByEvent): Promise<Found | null> {
  const shard = shardOf(operationIdOf(event) ?? '');
  if (shard === null || !context.databases.has(shard)) return null;
  const platform = inShard(context, shard);
  const found = await findSessionOfAccount(platform.database, named);
  return found && { platform, ...found };
}

async function findByDirectory(
  context: PlatformContext,
  event: StripeEvent,
  named: NamedByEvent,
): Promise<Found | null> {
  const { entry, first } = await findInDirectory(context.directory, named);
  const shard = entry?.shard ?? DEFAULT_SHARD;
  const platform = inShard(context, shard);
  const found = shard === DEFAULT_SHARD ? first : await findSessionOfAccount(platform.database, named);
  if (found) return { platform, ...found };
  const names = namesIn(event);
  const owner = names && (await findWorkspaceByPayment(platform.database, { ...named, ...names }));
  return owner && { platform, owner, payment: undefined };
}

/** The operation id in the metadata of the event's object. null: it has none, so this service did not make the object. */
export function operationIdOf({ fact }: StripeEvent): string | null {
  switch (fact.kind) {
    case 'session':
      return readClaim(fact.session.metadata).operationId;
    case 'charge_refunded':
      return readClaim(fact.charge.metadata).operationId;
    case 'refund':
      return readClaim(fact.refund.metadata).operationId;
    case 'misshapen':
    case 'outdated':
      return readClaim(fact.traces.metadata).operationId;
    default:
      return null;
  }
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
