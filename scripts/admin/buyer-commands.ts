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
      "Takes a buyer's e-mail and metadata out of a workspace's payments and events, and deletes Stripe events set aside " +
      'that contain the address. Goes by the address given at Stripe, or the one of the request where none was given ' +
      'there. There is no way back.',
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
