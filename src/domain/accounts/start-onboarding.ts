import { accountState, canCharge, owesAnswer, wasDisconnectedHere } from '../../core/account-state.ts';
import { ApiError, type Fault, inputError, unavailable } from '../../core/errors.ts';
import { findAccount } from '../../db/account-states.ts';
import { auditStatement } from '../../db/audit-log.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import { StripeFailure, type StripeLink } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { askingStripe, stripeErrorOf } from '../stripe-errors.ts';
import { accessGoneError, accountStateError } from './chargeable-account.ts';
import { createAccount } from './create-account.ts';
import { platformKeys } from './platform-key.ts';
import { type CurrentAccount, readAccountNow } from './read-account.ts';
import { askForDisconnected } from './sync-account.ts';

export interface Onboarding {
  /** ISO 3166-1 alpha-2, in upper case. Needed where an account is made. */
  readonly country: string | null;
  /** Needed where an account is made. */
  readonly email: string | null;
  /** Where Stripe sends the merchant, finished or not. */
  readonly returnUrl: string;
  /** Where Stripe sends a merchant whose link was used before or has run out. */
  readonly refreshUrl: string;
  /** True: a new account takes the place of one that cannot charge. */
  readonly startOver: boolean;
  /** The idempotency key of the request: the same key never makes two accounts. null: it has none. */
  readonly requestKey: string | null;
}

/** `link`: the merchant goes on at Stripe. `connected`: the account was disconnected here, and takes payments again. */
export type OnboardingStart =
  | { readonly kind: 'link'; readonly link: StripeLink }
  | { readonly kind: 'connected'; readonly account: ConnectedAccount };

/**
 * Starts Stripe's onboarding of the workspace's account, or goes on with it. The account is made where there is none; one
 * that was disconnected here is connected again. The link is never stored: each call asks Stripe for another one, and an
 * audit entry says who has asked. Throws `validation_failed`, `account_ready`, `CONNECT_ACCOUNT_NOT_READY`,
 * `stripe_error` and `service_unavailable`.
 */
export async function startOnboarding(context: Context, wanted: Onboarding): Promise<OnboardingStart> {
  refuseInsecure(context, wanted);
  if (context.account && !wanted.startOver) refuseOtherCountry(context.account, wanted);
  const { account, isReachable } = await askingStripe(() => readCurrent(context, wanted));
  if (!account || wanted.startOver) {
    if (isReachable && canCharge(account)) throw accountReady();
    if (!isReachable) await requireGoodKey(context);
    const replaced = { replaces: account?.stripeAccountId ?? null, isLost: !isReachable };
    const made = { ...neededFor(wanted), ...replaced, requestKey: wanted.requestKey };
    return await linkTo(context, wanted, await createAccount(context, made));
  }
  if (!isReachable) throw accessGoneError();
  const state = accountState(account);
  if (state === 'disconnected' || state === 'rejected') throw accountStateError(account);
  if (!canCharge(account) || owesAnswer(account)) return await linkTo(context, wanted, account.stripeAccountId);
  if (context.account?.disconnectedAt === null) throw accountReady();
  return { kind: 'connected', account };
}

/** Our own pages are https too, except in a local copy, which has no real live mode. */
function refuseInsecure({ workspace, webhookUrlRules }: Context, wanted: Onboarding): void {
  if (workspace.mode !== 'live') return;
  const isSecure = (url: string) =>
    url.startsWith('https:') || webhookUrlRules.ownOrigins.includes(new URL(url).origin);
  const fields = (['returnUrl', 'refreshUrl'] as const).filter((field) => !isSecure(wanted[field]));
  const faults = fields.map((field): Fault => ({ field, code: 'invalid_url', problem: 'must be https in live mode.' }));
  if (faults.length > 0) throw inputError(faults);
}

/**
 * The workspace's account as Stripe has it now. One that was disconnected here is connected again, unless another account
 * is to take its place. Throws StripeFailure.
 */
async function readCurrent(context: Context, { startOver }: Onboarding): Promise<CurrentAccount> {
  const { account, database, workspace } = context;
  if (!account || startOver || !wasDisconnectedHere(account)) return await readAccountNow(context);
  const isReachable = await askForDisconnected(context, account.stripeAccountId);
  return { account: await findAccount(database, workspace.id), isReachable };
}

/** A key of another platform gets "no access" for every account: then no account is given up for it. */
async function requireGoodKey(context: Context): Promise<void> {
  if (await platformKeys(context).isProved(context.workspace.mode)) return;
  throw unavailable('Stripe gives no access to the account, and it is not certain yet why. Try again in some minutes.');
}

async function linkTo(context: Context, urls: Onboarding, stripeAccountId: string): Promise<OnboardingStart> {
  const link = await createLink(context, urls, stripeAccountId);
  await auditStatement(context.database, auditOf(context, 'account.onboarding_link', stripeAccountId));
  return { kind: 'link', link };
}

async function createLink({ stripe }: Context, urls: Onboarding, stripeAccountId: string): Promise<StripeLink> {
  try {
    return await stripe.createOnboardingLink(stripeAccountId, urls);
  } catch (error) {
    if (error instanceof StripeFailure && error.kind === 'account_lost') throw accessGoneError();
    throw stripeErrorOf(error) ?? error;
  }
}

function neededFor({ country, email }: Onboarding): { country: string; email: string } {
  if (country !== null && email !== null) return { country, email };
  const missing = (field: string): Fault => ({
    field,
    code: 'validation_failed',
    problem: 'is required to make the account.',
  });
  throw inputError([...(country === null ? [missing('country')] : []), ...(email === null ? [missing('email')] : [])]);
}

function refuseOtherCountry(account: ConnectedAccount, { country }: Onboarding): void {
  if (country === null || account.country === null || country === account.country) return;
  const problem = `cannot be changed: the account is of ${account.country}. With {startOver} true a new account is made.`;
  throw inputError([{ field: 'country', code: 'validation_failed', problem }]);
}

function accountReady(): ApiError {
  const message = 'Your Stripe account takes payments, and Stripe waits for nothing from you. GET /account shows it.';
  return new ApiError('account_ready', message);
}
