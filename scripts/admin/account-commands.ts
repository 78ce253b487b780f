import { attachAccount } from '../../src/domain/accounts/attach-account.ts';
import { workspaceContext } from '../local/database-context.ts';
import { type Command, parameter, usageError } from './command.ts';

export const accountCommands: readonly Command[] = [
  {
    words: 'account attach',
    parameters: ['<workspace-id>', '<acct_…>'],
    options: ['charges-enabled'],
    optionsUsage: '[--charges-enabled true|false]',
    summary:
      'Connects a Stripe account to a workspace, in place of the account before. It must be connected to the platform at Stripe already, in the mode of the workspace. Later changes of the account are taken from Stripe.',
    run: async (context, input, style) => {
      const [workspaceId, account] = [parameter(input, 0), parameter(input, 1)];
      if (!/^acct_\w+$/.test(account))
        throw usageError('The second parameter must be the id of a Stripe account: acct_….');
      const enabled = input.options['charges-enabled'] ?? 'true';
      if (enabled !== 'true' && enabled !== 'false') throw usageError('--charges-enabled must be true or false.');
      const chargesEnabled = enabled === 'true';
      const workspace = await workspaceContext(context, workspaceId);
      await attachAccount(workspace, { id: account, chargesEnabled, detailsSubmitted: chargesEnabled });
      return {
        json: { workspace_id: workspaceId, account, charges_enabled: chargesEnabled },
        text: `${style.good('✓')} ${account} is connected to ${workspaceId}${chargesEnabled ? '' : ', with charges disabled'}`,
      };
    },
  },
];
