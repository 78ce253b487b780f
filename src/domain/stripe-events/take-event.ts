import { DEFAULT_SHARD } from '../../core/ids.ts';
import { countDropped, quarantineStatement } from '../../db/stripe-events.ts';
import type { StripeEvent, StripeEventWithBody } from '../../stripe/gateway.ts';
import { inShard, inWorkspace, type PlatformContext } from '../context.ts';
import { refusingViolations } from '../payments/settle-result.ts';
import { applyStripeEvent } from './apply.ts';
import { type Found, findOwner, operationIdOf } from './find-owner.ts';

/** What was done with a Stripe event. `detail`: the same in words for the log, with the reason. */
interface Taken {
  /** The workspace that the event belongs to. null: none is known, or the event is not of a type that we act on. */
  readonly workspaceId: string | null;
  readonly kind: 'applied' | 'unchanged' | 'ignored' | 'quarantined';
  readonly detail: string;
}

/**
 * Handles a verified Stripe event from a webhook, from the account's list of events, or from the quarantine. An event
 * that seems to be ours, but does not fit what is stored, is quarantined in the shard of its workspace, or in the first
 * shard if no workspace is known. `body`: the event's JSON as Stripe wrote it. `known`: what the caller has read for this
 * event; without it, this function reads it. Repeatable. Throws StripeFailure, `service_unavailable` or the database's
 * error if the event must be tried again.
 */
export async function takeStripeEvent(
  context: PlatformContext,
  input: StripeEventWithBody,
  known?: Found,
): Promise<Taken> {
  const { event } = input;
  if (event.fact.kind === 'other' || event.account === null) {
    return { workspaceId: null, kind: 'ignored', detail: 'ignored: not a type we act on' };
  }
  const found = known ?? (await findOwner(context, event, event.account));
  if (!found) {
    const first = inShard(context, DEFAULT_SHARD);
    if (operationIdOf(event) !== null) return await quarantine(first, { ...input, reason: 'unknown_account' });
    return { workspaceId: null, kind: 'ignored', detail: 'ignored: unknown account' };
  }
  const { platform, owner, payment } = found;
  const result = await refusingViolations(() => applyStripeEvent(inWorkspace(platform, owner), { event, payment }));
  const workspaceId = owner.workspace.id;
  if (result.kind === 'refused') {
    return { ...(await quarantine(platform, { ...input, reason: result.reason })), workspaceId };
  }
  return { workspaceId, kind: result.kind === 'foreign' ? 'ignored' : result.kind, detail: result.kind };
}

/**
 * True if an event has another mode than the endpoint or account that it came from (`livemode`). Then the event is
 * counted in the first shard, and the caller must drop it. Stripe sends test events to live endpoints too.
 */
export async function dropOtherMode(context: PlatformContext, event: StripeEvent, livemode: boolean): Promise<boolean> {
  if (event.livemode === livemode) return false;
  const day = new Date(context.now()).toISOString().slice(0, 10);
  await countDropped(context.directory, day, livemode ? 'test_event_on_live' : 'live_event_on_test');
  return true;
}

/**
 * Quarantines an event in the shard of `context`: it is not applied until an operator releases it. `body`: the event's
 * JSON. Repeatable.
 */
export async function quarantine(
  context: PlatformContext,
  { event, body, reason }: StripeEventWithBody & { readonly reason: string },
): Promise<Taken> {
  await quarantineStatement(context.database, {
    id: event.id,
    stripeAccountId: event.account ?? '',
    livemode: event.livemode,
    type: event.type,
    reason,
    body,
    receivedAt: context.now(),
    releasedAt: null,
  });
  return { workspaceId: null, kind: 'quarantined', detail: `quarantined: ${reason}` };
}
