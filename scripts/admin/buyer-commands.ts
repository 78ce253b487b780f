import { eraseBuyer } from '../../src/domain/workspaces/erase-buyer.ts';
import { workspaceContext } from '../local/database-context.ts';
import { type Command, parameter, usageError } from './command.ts';

export const buyerCommands: readonly Command[] = [
  {
    words: 'buyer erase',
    parameters: ['<workspace-id>', '<email>'],
    options: [],
    optionsUsage: '',
    summary:
      "Removes a buyer's e-mail address and metadata from the payments and events of a workspace, and deletes quarantined " +
      'Stripe events that contain the address. Looks for the address that the buyer entered at Stripe or, where there is ' +
      'none, the address of the request. This cannot be undone.',
    run: async (context, input, style) => {
      const [workspaceId, email] = [parameter(input, 0), parameter(input, 1)];
      if (!/^\S+@\S+$/.test(email)) throw usageError('The second parameter must be an e-mail address.');
      const payments = await eraseBuyer(await workspaceContext(context, workspaceId), email);
      return {
        json: { workspace_id: workspaceId, payments_erased: payments },
        text: `${style.good('✓')} Erased from ${payments} ${payments === 1 ? 'payment' : 'payments'}`,
      };
    },
  },
];
