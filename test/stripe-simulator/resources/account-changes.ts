import type Stripe from 'stripe';
import { announce, type Cause, type Happening, happened, NO_CAUSE } from '../announce.ts';
import type { Simulation } from '../simulation.ts';
import type { StoredAccount } from '../state.ts';

/** Changes an account and sends `account.updated`, and `capability.updated` for each capability that changes, with the previous values. */
export function changeAccount(
  simulation: Simulation,
  account: StoredAccount,
  cause: Cause,
  change: (object: Stripe.Account) => void,
): void {
  const before = structuredClone(account.object);
  change(account.object);
  const previous = Object.fromEntries(
    Object.entries(before).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(account.object, key)),
    ),
  );
  const scope = { livemode: account.livemode, account: account.object.id };
  const happenings = [happened('account.updated', account.object, previous), ...changedCapabilities(before, account)];
  announce(simulation, scope, cause, happenings);
}

/** Ends the platform's access, as the account's owner does at Stripe. Sends `account.application.deauthorized`, and then nothing more. */
export function deauthorize(simulation: Simulation, account: StoredAccount): void {
  const scope = { livemode: account.livemode, account: account.object.id };
  const application = { id: 'ca_simulated', object: 'application', name: 'SoftSolz Payments' };
  announce(simulation, scope, NO_CAUSE, [happened('account.application.deauthorized', application)]);
  account.connected = false;
  simulation.changed();
}

function changedCapabilities(before: Stripe.Account, { object }: StoredAccount): Happening[] {
  const statuses = Object.entries(object.capabilities ?? {});
  return statuses.flatMap(([id, status]) => {
    const earlier: unknown = Reflect.get(before.capabilities ?? {}, id);
    if (earlier === status) return [];
    return happened('capability.updated', capability(object, id, status), { status: earlier ?? 'unrequested' });
  });
}

function capability(account: Stripe.Account, id: string, status: string): object {
  return {
    id,
    object: 'capability',
    account: account.id,
    future_requirements: account.future_requirements,
    requested: true,
    requested_at: account.created ?? null,
    requirements: { ...account.requirements, disabled_reason: disabledReason(account, status) },
    status,
  };
}

/** Stripe has other words for a disabled capability than for a disabled account. */
function disabledReason({ requirements }: Stripe.Account, status: string): string | null {
  if (status === 'active') return null;
  if (requirements?.disabled_reason?.startsWith('rejected.')) return 'rejected.other';
  if (status === 'pending') return 'pending.review';
  return requirements?.currently_due?.length ? 'requirements.fields_needed' : 'other';
}
