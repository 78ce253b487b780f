import { describe, expect, it } from 'vitest';
import { withCommands } from '../../../scripts/admin/with-commands.ts';
import { ACCOUNT_STATES, accountState } from '../../../src/core/account-state.ts';
import type { ConnectedAccount } from '../../../src/db/workspaces.ts';
import { accountStateError } from '../../../src/domain/accounts/chargeable-account.ts';
import { withJsonNames } from '../../../src/http/invalid-request.ts';

const OFF: ConnectedAccount = {
  workspaceId: 'w',
  stripeAccountId: 'acct_1',
  livemode: false,
  chargesEnabled: false,
  detailsSubmitted: true,
  payoutsEnabled: false,
  cards: 'restricted',
  country: 'GB',
  dashboard: 'express',
  requirements: [],
  disconnectedAt: null,
  accessRefusedAt: null,
  stateAsOf: 1,
  stripeEventsReadTo: null,
  stripeEventsReadId: null,
  nextStripeEventsReadAt: null,
  createdAt: 1,
  updatedAt: 1,
};
const OWED = { what: 'external_account', awaiting: 'merchant', dueAt: null, problem: null } as const;

/** Accounts that cannot take payments, and the command that each message names. */
const REFUSED: readonly (readonly [account: ConnectedAccount | null, command: string | null])[] = [
  [null, '`account onboard`'],
  [{ ...OFF, disconnectedAt: 1 }, '`account onboard`'],
  [{ ...OFF, disconnectedAt: 1, nextStripeEventsReadAt: 1 }, '`account onboard --start-over`'],
  [{ ...OFF, cards: 'rejected' }, '`account onboard --start-over`'],
  [{ ...OFF, detailsSubmitted: false }, '`account onboard`'],
  [{ ...OFF, requirements: [OWED] }, '`account onboard`'],
  [{ ...OFF, cards: 'pending' }, null],
  [OFF, '`account dashboard`'],
];

describe("the Worker's message about an account, for an operator,", () => {
  it.each(REFUSED.map(([account, command]) => [accountState(account), command, account] as const))(
    'that is %s names the command %s, and no route',
    (_state, command, account) => {
      const shown = withCommands(withJsonNames(accountStateError(account).message));
      expect(shown.match(/`account [^`]+`/g)).toEqual(command === null ? null : [command]);
      expect(shown).not.toMatch(/\b(GET|POST) |start_over|"/);
    },
  );

  it('is held here for every state that takes no payments', () => {
    const held = new Set(REFUSED.map(([account]) => accountState(account)));
    expect(ACCOUNT_STATES.filter((state) => !held.has(state))).toEqual(['payouts_held', 'ready']);
  });
});
