import * as z from 'zod/mini';
import { ACCOUNT_STATES } from '../../../core/account-state.ts';
import { DASHBOARDS } from '../../../core/accounts.ts';
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

/** The schema of a link to Stripe's onboarding. */
export const onboardingLinkSchema = () =>
  documented(
    z.object({
      url: documented(z.string(), 'Send the merchant there, in a browser. It works once. Never store or mail it.'),
      expires_at: documented(z.iso.datetime(), 'When the link runs out: after about ten minutes.'),
    }),
    { title: 'OnboardingLink' },
  );

/** The schema of a link to the dashboard at Stripe. */
export const dashboardLinkSchema = () =>
  documented(
    z.object({
      url: documented(z.string(), 'The dashboard at Stripe. Send the merchant there at once; never store it.'),
    }),
    { title: 'DashboardLink' },
  );
