import type { AccountState } from '../../core/account-state.ts';
import type { Tone } from '../pages/parts.tsx';

/** The tone in which each state of a Stripe account is shown. */
export const STATE_TONES: Readonly<Record<AccountState, Tone>> = {
  none: 'plain',
  disconnected: 'bad',
  rejected: 'bad',
  started: 'warn',
  payouts_held: 'warn',
  ready: 'ok',
  action_needed: 'bad',
  in_review: 'warn',
  restricted: 'bad',
};
