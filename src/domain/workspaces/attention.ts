import { type AccountState, accountState } from '../../core/account-state.ts';
import { type DisputeToAnswer, type EndpointHealth, readAttentionRows } from '../../db/attention.ts';
import type { Context } from '../context.ts';
import { DISABLED_REASONS } from '../webhooks/stored-texts.ts';

/** How many disputes are shown at most. */
const DISPUTES = 5;

/** What a merchant should see first, and what is set up already. */
export interface Attention {
  /** The state of the Stripe account, as it is stored. All but `ready` need the merchant or Stripe. */
  readonly account: AccountState;
  /** Endpoints that fail, and those that were disabled because they did. Not those that the merchant has disabled. */
  readonly endpoints: readonly EndpointHealth[];
  /** Disputes that wait for the merchant's answer, the oldest first, at most 5. */
  readonly disputes: readonly DisputeToAnswer[];
  readonly hasMoreDisputes: boolean;
  readonly hasEndpoints: boolean;
  readonly hasLinks: boolean;
  /** Whether a payment has ever succeeded. */
  readonly hasPaid: boolean;
}

/** What needs the attention of this workspace's merchant now. One round trip. */
export async function readAttention({
  account,
  database,
  workspace,
}: Pick<Context, 'account' | 'database' | 'workspace'>): Promise<Attention> {
  const { endpoints, disputesToAnswer, hasLinks, hasPaid } = await readAttentionRows(
    database,
    workspace.id,
    DISPUTES + 1,
  );
  return {
    account: accountState(account),
    endpoints: endpoints.filter(isUnwell),
    disputes: disputesToAnswer.slice(0, DISPUTES),
    hasMoreDisputes: disputesToAnswer.length > DISPUTES,
    hasEndpoints: endpoints.length > 0,
    hasLinks,
    hasPaid,
  };
}

function isUnwell({ status, disabledReason, failingSince }: EndpointHealth): boolean {
  return status === 'disabled' ? disabledReason !== DISABLED_REASONS.byOwner : failingSince !== null;
}
