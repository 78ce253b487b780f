import * as z from 'zod/mini';
import { accountState, canCharge, paysOut } from '../core/account-state.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import type { ConnectedAccount } from '../db/workspaces.ts';
import type { OnboardingStart } from '../domain/accounts/start-onboarding.ts';
import type { Context } from '../domain/context.ts';
import { accountData } from '../domain/webhooks/event-data.ts';

// The JSON of a connected account, for the server API and for operators.

const COUNTRY_EXPECTED = 'country must be a two-letter ISO 3166-1 code, for example "GB".';

/** A schema for the code of a country, in any case. The result is in upper case. */
export const country = z.pipe(
  z.string(COUNTRY_EXPECTED).check(z.regex(/^[A-Za-z]{2}$/, COUNTRY_EXPECTED)),
  z.transform((code: string) => code.toUpperCase()),
);

/** The account of a workspace as answers show it. `account` null: none was ever connected. */
export function presentAccount({ workspace }: Pick<Context, 'workspace'>, account: ConnectedAccount | null) {
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

/** A link to Stripe's onboarding as answers show it. */
export function presentLink({ link: { url, expiresAt } }: Extract<OnboardingStart, { kind: 'link' }>) {
  return { url, expires_at: toRfc3339(expiresAt) };
}
