import { findAccount } from '../../db/account-states.ts';
import { auditStatement } from '../../db/audit-log.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import { auditOf, type Context } from '../context.ts';
import { askingStripe } from '../stripe-errors.ts';
import { accountStateError } from './chargeable-account.ts';
import { syncAccount } from './sync-account.ts';

/** Stripe's dashboard of accounts that have their own sign-in at Stripe. */
export const FULL_DASHBOARD = 'https://dashboard.stripe.com/';

/**
 * The address of the account's dashboard at Stripe. That of an Express dashboard signs its visitor in, once: it is never
 * stored, and an audit entry says who has asked for it. Throws `CONNECT_ACCOUNT_MISSING`, and `CONNECT_ACCOUNT_NOT_READY` if the account is disconnected, or has no
 * Express dashboard yet because its onboarding is not finished.
 */
export async function openDashboard(context: Context): Promise<string> {
  const account = await readIfUnclear(context);
  if (!account || account.disconnectedAt !== null) throw accountStateError(account);
  if (account.dashboard !== 'express') return FULL_DASHBOARD;
  if (!account.detailsSubmitted) throw accountStateError(account);
  const url = await askingStripe(() => context.stripe.createLoginLink(account.stripeAccountId));
  await auditStatement(context.database, auditOf(context, 'account.dashboard_link', account.stripeAccountId));
  return url;
}

/** The account, read at Stripe where it was not finished when it was read last, or its dashboard is not known yet. */
async function readIfUnclear(context: Context): Promise<ConnectedAccount | null> {
  const { account, database, workspace } = context;
  if (!account || account.disconnectedAt !== null) return account;
  if (account.detailsSubmitted && account.dashboard !== null) return account;
  await askingStripe(() => syncAccount(context, account.stripeAccountId));
  return await findAccount(database, workspace.id);
}
