import type * as z from 'zod';
import type { AccountState } from '../../src/core/account-state.ts';
import type { accountSchema } from '../../src/http/api/account/responses.ts';
import { titledTable } from './present.ts';

type Account = z.output<ReturnType<typeof accountSchema>>;

/** What each state means, and who acts, in sentences for operators. */
export const MEANINGS: Readonly<Record<AccountState, string>> = {
  none: 'No Stripe account is connected. `account onboard` begins.',
  disconnected:
    'The account is disconnected and takes no new payments. `account onboard` connects it again. Where Stripe no longer gives access to it, that command says so: then `account onboard --start-over` makes a new account.',
  rejected:
    "Stripe has rejected the account for good. The merchant can ask Stripe's support why. `account onboard --start-over` makes a new account.",
  started:
    "The merchant has not finished Stripe's onboarding, and the account takes no payments. The merchant acts: make a link with `account onboard`.",
  payouts_held: 'The account takes payments, but Stripe pays nothing out.',
  ready: 'The account takes payments, and Stripe pays them out.',
  action_needed:
    'The account takes no payments until the merchant answers Stripe. The merchant acts: make a link with `account onboard`.',
  in_review: 'The account takes no payments until Stripe has checked what was sent. Stripe acts: nobody else has to.',
  restricted:
    'Stripe has stopped payments, and does not say what it waits for. The merchant finds the reason in the dashboard at Stripe: `account dashboard`.',
};

/** An account in plain sentences: its state, what is owed, by when, and who acts. */
export function accountStatus(account: Account): string {
  const { state, country, dashboard, livemode, requirements } = account;
  const about = [country, dashboard && `${dashboard} dashboard`, livemode ? 'live' : 'test mode'];
  // Stripe asks for the day, month and year of a birth apart: the sentence is the same.
  const sentences = new Map(requirements.map((requirement) => [requirement.message, requirement]));
  const owed = titledTable(
    [...sentences.values()],
    [
      ['who acts', ({ awaiting }) => (awaiting === 'stripe' ? 'Stripe' : 'merchant')],
      ['by', ({ due_at: dueAt }) => dueAt?.slice(0, 10) ?? ''],
      ['what the merchant reads', ({ message }) => message],
    ],
  );
  const head = `${state} (${about.filter(Boolean).join(', ')})\n${MEANINGS[state]}`;
  return owed === '' ? head : `${head}\n\n${owed}`;
}
