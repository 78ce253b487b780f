import { accountState, canCharge } from '../../src/core/account-state.ts';
import { connectAccount } from '../../src/domain/accounts/connect-account.ts';
import { MEANINGS } from './account-text.ts';
import { type Command, type CommandAnswer, parameter, type Tools, usageError } from './command.ts';
import { stripeIn } from './place.ts';
import { workspaceContext } from './shards.ts';

async function attach(tools: Tools, workspaceId: string, id: string): Promise<CommandAnswer> {
  const { place, style } = tools;
  const workspace = await workspaceContext(tools, workspaceId);
  const stripe = (await stripeIn(place))(workspace.workspace.mode);
  const { isConfirmed, ...read } = await connectAccount({ ...workspace, stripe }, id);
  const account = { ...read, disconnectedAt: null };
  const [state, chargesEnabled] = [accountState(account), canCharge(account)];
  const json = {
    workspace_id: workspaceId,
    account: id,
    state,
    charges_enabled: chargesEnabled,
    details_submitted: account.detailsSubmitted,
    confirmed_by_stripe: isConfirmed,
  };
  const mark = isConfirmed && chargesEnabled ? style.good('✓') : style.warn('!');
  const attached = `${mark} ${id} is connected to ${workspace.workspace.name} (${workspace.workspace.mode}).`;
  const text = isConfirmed ? `${attached}\n${state}: ${MEANINGS[state]}` : `${attached} ${unconfirmed(place.isRemote)}`;
  return { json, text };
}

function unconfirmed(isRemote: boolean): string {
  const why = isRemote
    ? 'Stripe was not asked, or did not answer. To ask it from here, set STRIPE_SECRET_KEY_TEST or STRIPE_SECRET_KEY_LIVE.'
    : 'Stripe did not answer: does `npm start` run?';
  return `${why}\n  It takes no payments until the cron of the Worker has read it at Stripe, within two minutes.`;
}

export const accountCommands: readonly Command[] = [
  {
    words: 'account attach',
    parameters: ['<workspace-id>', '<acct_…>'],
    options: [],
    summary: 'Connects an account that the platform already has, in place of the account before.',
    details:
      'To make a new account, use `account onboard`. The account must be connected to the platform at Stripe already, in the mode of the workspace. It is read at ' +
      'Stripe first. An account that Stripe does not know is refused. Without an answer from Stripe, the account takes ' +
      'no payments until the cron has read it. With --remote, the key of the mode comes from STRIPE_SECRET_KEY_TEST or ' +
      'STRIPE_SECRET_KEY_LIVE in the environment; without it, only the cron asks Stripe.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10 acct_1Pq8Zb2eZvKYlo2C',
    run: async (tools, input) => {
      const [workspaceId, id] = [parameter(input, 0), parameter(input, 1)];
      if (!/^acct_\w+$/.test(id))
        throw usageError('<acct_…> must be the id of a Stripe account, such as acct_1Pq8Zb2e.');
      return await attach(tools, workspaceId, id);
    },
  },
];
