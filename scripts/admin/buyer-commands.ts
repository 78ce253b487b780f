import { eraseBuyer } from '../../src/domain/workspaces/erase-buyer.ts';
import { type Command, parameter, usageError } from './command.ts';
import { counted } from './present.ts';
import { workspaceContext } from './shards.ts';

export const buyerCommands: readonly Command[] = [
  {
    words: 'buyer erase',
    parameters: ['<workspace-id>', '<email>'],
    options: [],
    summary: "Removes a buyer's e-mail address and metadata from a workspace. This cannot be undone.",
    details:
      'Erases them from payments, the address from events, and what endpoints answered to these events. Deletes ' +
      'quarantined Stripe events that contain the address. Looks for the address that the buyer entered at Stripe or, ' +
      'where there is none, for the address of the request.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10 buyer@example.com',
    run: async (tools, input) => {
      const [workspaceId, email] = [parameter(input, 0), parameter(input, 1)];
      if (!/^\S+@\S+$/.test(email)) throw usageError('<email> must be an e-mail address, such as buyer@example.com.');
      const erased = await eraseBuyer(await workspaceContext(tools, workspaceId), email);
      const { payments, events, deliveries, quarantined } = erased;
      const nothing = payments + quarantined === 0;
      return {
        json: {
          workspace_id: workspaceId,
          payments_erased: payments,
          events_erased: events,
          deliveries_erased: deliveries,
          quarantined_events_deleted: quarantined,
        },
        text: nothing
          ? `Nothing of ${email} is in this workspace.`
          : `${tools.style.good('✓')} Erased from ${counted(payments, 'payment')}, ${counted(events, 'event')} and ${counted(deliveries, 'delivery')}. Deleted ${counted(quarantined, 'quarantined Stripe event')}`,
      };
    },
  },
];
