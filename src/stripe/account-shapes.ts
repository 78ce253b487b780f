import * as z from 'zod/mini';
import { type AccountRequirement, CARD_STATES, type CardState, DASHBOARDS, type Dashboard } from '../core/accounts.ts';
import type { StripeAccount } from './account-types.ts';
import { read, stripeId } from './convert.ts';

const maybeText = z.nullish(z.string());
const names = z.nullish(z.array(z.string()));

const account = z.object({
  id: stripeId,
  country: maybeText,
  charges_enabled: z.boolean(),
  payouts_enabled: z.boolean(),
  details_submitted: z.boolean(),
  type: maybeText,
  controller: z.nullish(z.object({ stripe_dashboard: z.nullish(z.object({ type: maybeText })) })),
  capabilities: z.nullish(z.object({ card_payments: maybeText })),
  requirements: z.nullish(
    z.object({
      current_deadline: z.nullish(z.int()),
      currently_due: names,
      past_due: names,
      pending_verification: names,
      disabled_reason: maybeText,
    }),
  ),
});

const deadline = z.nullish(z.object({ status: maybeText, time: maybeText }));

const accountV2 = z.object({
  dashboard: maybeText,
  configuration: z.nullish(
    z.object({
      merchant: z.nullish(
        z.object({ capabilities: z.nullish(z.object({ card_payments: z.nullish(z.object({ status: z.string() })) })) }),
      ),
    }),
  ),
  requirements: z.nullish(
    z.object({
      entries: z.nullish(
        z.array(
          z.object({
            description: z.string(),
            awaiting_action_from: z.string(),
            errors: z.nullish(z.array(z.object({ description: maybeText }))),
            minimum_deadline: deadline,
          }),
        ),
      ),
      summary: z.nullish(z.object({ minimum_deadline: deadline })),
    }),
  ),
});

type Account = z.output<typeof account>;
type AccountV2 = z.output<typeof accountV2>;
/** What both versions of the API say in words of their own. */
type Standing = Pick<StripeAccount, 'cards' | 'dashboard' | 'requirements'>;

/**
 * Checks and converts Stripe's account (docs.stripe.com/api/accounts/object). `v2`: the same account of the Accounts v2 API
 * (docs.stripe.com/api/v2/core/accounts/object), which says more about capabilities and requirements; null: Stripe does not
 * have the account there, so its v1 members are used. Throws MisshapenObject for another shape.
 */
export function toAccount(object: unknown, v2: unknown): StripeAccount {
  const found = read(account, object);
  const standing = v2 === null ? standingOf(found) : standingOfV2(read(accountV2, v2));
  const isRejected = found.requirements?.disabled_reason?.startsWith('rejected') ?? false;
  return {
    id: found.id,
    country: found.country?.toUpperCase() ?? null,
    chargesEnabled: found.charges_enabled,
    payoutsEnabled: found.payouts_enabled,
    detailsSubmitted: found.details_submitted,
    ...standing,
    cards: isRejected ? 'rejected' : standing.cards,
    // Stripe lists them in no order: the same ones in another order are no change.
    requirements: standing.requirements.toSorted((one, other) => (one.what < other.what ? -1 : 1)),
  };
}

function standingOfV2({ dashboard, configuration, requirements }: AccountV2): Standing {
  const cards = configuration?.merchant?.capabilities?.card_payments?.status;
  const summary = requirements?.summary?.minimum_deadline;
  const due = (requirements?.entries ?? []).filter((entry) => entry.minimum_deadline?.status !== 'eventually_due');
  return {
    cards: cards === undefined ? null : cardState(cards),
    dashboard: dashboardOf(dashboard),
    requirements: due.map(({ description, awaiting_action_from, errors, minimum_deadline }) => ({
      what: description,
      awaiting: awaiting_action_from === 'stripe' ? 'stripe' : 'merchant',
      // The summary has the time of the entries whose status is the strictest.
      dueAt: minimum_deadline?.status === summary?.status ? timeOf(summary?.time) : null,
      problem: errors?.find((error) => error.description)?.description ?? null,
    })),
  };
}

function standingOf({ type, controller, capabilities, requirements }: Account): Standing {
  const cards = capabilities?.card_payments;
  const dueAt = requirements?.current_deadline ? requirements.current_deadline * 1000 : null;
  const owed = new Set([...(requirements?.past_due ?? []), ...(requirements?.currently_due ?? [])]);
  const wanted = (awaiting: AccountRequirement['awaiting'], at: number | null) => (what: string) => ({
    what,
    awaiting,
    dueAt: at,
    problem: null,
  });
  return {
    cards: cards ? cardState(cards === 'inactive' ? 'restricted' : cards) : null,
    dashboard: dashboardOf(controller?.stripe_dashboard?.type ?? (type === 'standard' ? 'full' : type)),
    requirements: [
      ...[...owed].map(wanted('merchant', dueAt)),
      ...(requirements?.pending_verification ?? []).map(wanted('stripe', null)),
    ],
  };
}

/** A status that Stripe adds one day does not let an account charge. */
function cardState(status: string): CardState {
  return CARD_STATES.find((known) => known === status) ?? 'restricted';
}

function dashboardOf(text: string | null | undefined): Dashboard | null {
  return DASHBOARDS.find((known) => known === text) ?? null;
}

function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}
