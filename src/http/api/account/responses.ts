import * as z from 'zod/mini';
import { DASHBOARDS } from '../../../core/accounts.ts';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { ConnectedAccount } from '../../../db/workspaces.ts';
import { ACCOUNT_STATES, accountState, canCharge, paysOut } from '../../../domain/accounts/account-state.ts';
import type { Context } from '../../../domain/context.ts';
import { accountData } from '../../../domain/webhooks/event-data.ts';
import type { StripeLink } from '../../../stripe/gateway.ts';
import { documented } from '../fields.ts';

const requirementSchema = () =>
  documented(
    z.object({
      what: documented(z.string(), "Stripe's name of it."),
      due_at: documented(z.nullable(z.iso.datetime()), 'By when. null: Stripe names no time.'),
      awaiting: documented(z.enum(['merchant', 'stripe']), 'Who acts next.'),
      message: documented(z.string(), 'A sentence for the owner of the shop.'),
    }),
    { title: 'AccountRequirement' },
  );

/** The schema of the workspace's Stripe account in answers. */
export const accountSchema = () =>
  documented(
    z.object({
      state: documented(
        z.enum(ACCOUNT_STATES),
        '`ready` and `payouts_held` take payments, all others do not. `none`: no account was ever connected. `started`: the onboarding is not finished. `action_needed`: Stripe waits for you. `in_review`: Stripe checks what you sent. `restricted`: Stripe has stopped payments. `rejected`: for good. `payouts_held`: Stripe pays nothing out.',
      ),
      country: documented(z.nullable(z.string()), 'ISO 3166-1 code.'),
      charges_enabled: documented(z.boolean(), 'true: the account takes payments.'),
      payouts_enabled: documented(z.boolean(), 'true: Stripe pays out what the account has taken.'),
      requirements: documented(z.array(requirementSchema()), 'What Stripe wants to know, now or by a time.'),
      dashboard: documented(z.nullable(z.enum(DASHBOARDS)), 'Which dashboard you have at Stripe.'),
      connected_at: documented(z.nullable(z.iso.datetime()), 'null: no account was ever connected.'),
      livemode: documented(z.boolean(), 'false: an account for test payments.'),
    }),
    { title: 'Account' },
  );

type AccountAnswer = z.output<ReturnType<typeof accountSchema>>;

/** The account of a workspace as answers show it. `account` null: none was ever connected. */
export function presentAccount(
  { workspace }: Pick<Context, 'workspace'>,
  account: ConnectedAccount | null,
): AccountAnswer {
  return {
    state: accountState(account),
    country: account?.country ?? null,
    charges_enabled: canCharge(account),
    payouts_enabled: account !== null && account.disconnectedAt === null && paysOut(account),
    requirements: account ? accountData(account).requirements : [],
    dashboard: account?.dashboard ?? null,
    connected_at: account ? toRfc3339(account.createdAt) : null,
    livemode: workspace.mode === 'live',
  };
}

/** The schema of a link to Stripe's onboarding. */
export const onboardingLinkSchema = () =>
  documented(
    z.object({
      url: documented(z.string(), 'Send the merchant there, in a browser. It works once. Never store or mail it.'),
      expires_at: documented(z.iso.datetime(), 'When the link runs out: after about ten minutes.'),
    }),
    { title: 'OnboardingLink' },
  );

/** A link to Stripe's onboarding as answers show it. */
export function presentLink({ url, expiresAt }: StripeLink): z.output<ReturnType<typeof onboardingLinkSchema>> {
  return { url, expires_at: toRfc3339(expiresAt) };
}

/** The schema of a link to the dashboard at Stripe. */
export const dashboardLinkSchema = () =>
  documented(
    z.object({
      url: documented(z.string(), 'The dashboard at Stripe. Send the merchant there at once; never store it.'),
    }),
    { title: 'DashboardLink' },
  );
