import Stripe from 'stripe';
import { logLine } from '../core/log.ts';
import { toAccount } from './account-shapes.ts';
import type { CreateAccount, StripeAccount, StripeLink } from './account-types.ts';

/** The first version in which an account with an Express dashboard may have its fees and losses at Stripe. */
const EXPRESS_VERSION = '2026-11-18.endive';

/**
 * Reads an account in both versions of Stripe's API: only v1 has `charges_enabled`, and only v2 says who has to act. An
 * account that v2 does not show us, for example because it is older than v2, is read from v1 alone
 * (docs.stripe.com/connect/accounts-v2).
 */
export async function retrieveAccount(stripe: Stripe, id: string): Promise<StripeAccount> {
  const account = await stripe.accounts.retrieve(id);
  return toAccount(account, await retrieveV2(stripe, id));
}

async function retrieveV2(stripe: Stripe, id: string): Promise<unknown> {
  try {
    return await stripe.v2.core.accounts.retrieve(id, { include: ['configuration.merchant', 'requirements'] });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError) || !isRefusal(error.statusCode)) throw error;
    // v1 has answered just before, so the key is good and the account is ours.
    logLine('info', 'account read from v1 alone', { account: id, code: error.code, status: error.statusCode });
    return null;
  }
}

/** True for an answer that stays the same until something is changed: 4xx, but not for too many requests. */
export function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 409 && status !== 429;
}

/**
 * Makes an account for direct charges: Stripe takes its fees from the account and bears its losses, so the platform never
 * owes what a merchant owes (docs.stripe.com/connect/accounts-v2/connected-account-configuration).
 */
export async function createAccount(stripe: Stripe, request: CreateAccount): Promise<string> {
  const { idempotencyKey, workspaceId, country, email, name, website, dashboard } = request;
  const params: Stripe.V2.Core.AccountCreateParams = {
    contact_email: email,
    display_name: name,
    dashboard,
    identity: { country: country.toLowerCase() },
    configuration: { merchant: { capabilities: { card_payments: { requested: true } } } },
    defaults: {
      responsibilities: { fees_collector: 'stripe', losses_collector: 'stripe' },
      profile: { doing_business_as: name, ...(website !== null && { business_url: website }) },
    },
    metadata: { softsolz_workspace: workspaceId },
  };
  const options = { idempotencyKey, ...(dashboard === 'express' && { apiVersion: EXPRESS_VERSION }) };
  const { id } = await stripe.v2.core.accounts.create(params, options);
  return id;
}

/** Makes a link to Stripe's onboarding of an account (docs.stripe.com/api/v2/core/account-links/create). */
export async function createOnboardingLink(
  stripe: Stripe,
  account: string,
  { returnUrl, refreshUrl }: { readonly returnUrl: string; readonly refreshUrl: string },
): Promise<StripeLink> {
  const { url, expires_at } = await stripe.v2.core.accountLinks.create({
    account,
    use_case: {
      type: 'account_onboarding',
      account_onboarding: {
        refresh_url: refreshUrl,
        return_url: returnUrl,
        collection_options: { fields: 'currently_due' },
      },
    },
  });
  return { url, expiresAt: Date.parse(expires_at) };
}
