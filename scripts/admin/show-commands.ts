import { ApiError } from '../../src/core/errors.ts';
import { toRfc3339 } from '../../src/core/rfc3339.ts';
import { parseRowId } from '../../src/core/row-ids.ts';
import { findDelivery } from '../../src/db/deliveries.ts';
import { findEvent } from '../../src/db/event-lists.ts';
import { findPaymentLink } from '../../src/db/payment-links.ts';
import { findPaymentDetails } from '../../src/db/payment-lists.ts';
import { findPayment, type PaymentView } from '../../src/db/payments.ts';
import { findWebhookEndpoint } from '../../src/db/webhook-endpoints.ts';
import type { Context } from '../../src/domain/context.ts';
import { presentSession } from '../../src/http/api/checkout-sessions/responses.ts';
import { presentDelivery } from '../../src/http/api/deliveries/responses.ts';
import { presentEvent } from '../../src/http/api/events/responses.ts';
import { presentLink } from '../../src/http/api/payment-links/responses.ts';
import { presentPaymentDetails } from '../../src/http/api/payments/responses.ts';
import { presentWebhookEndpoint } from '../../src/http/api/webhook-endpoints/responses.ts';
import { type Command, parameter } from './command.ts';
import { workspaceContext } from './shards.ts';

interface ShowCommand {
  /** The noun of the command, for example `payment`. */
  readonly noun: string;
  /** How its ids look. */
  readonly id: string;
  readonly summary: string;
  readonly example: string;
  /** The object, as the API shows it. null: the workspace has no such object. */
  read(context: Context, id: string): Promise<unknown>;
}

/** A command that shows one object of a workspace as JSON, in the form of the API. */
function showCommand({ noun, id, summary, example, read }: ShowCommand): Command {
  return {
    words: `${noun} show`,
    parameters: ['<workspace-id>', id],
    options: [],
    summary,
    example: `6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10 ${example}`,
    run: async (tools, input) => {
      const context = await workspaceContext(tools, parameter(input, 0));
      const found = await read(context, parameter(input, 1));
      if (found === null) {
        throw new ApiError('not_found', `This workspace has no ${noun} ${parameter(input, 1)}. See \`${noun} list\`.`);
      }
      return { json: found, text: JSON.stringify(found, null, 2) };
    },
  };
}

/** A session that is open or has expired. Only Stripe knows where an open one is paid. */
function presentUnpaid(session: PaymentView) {
  const { url: _, ...shown } = presentSession(session, null);
  const history = session.history.map(({ status, at }) => ({ type: status, at: toRfc3339(at) }));
  return { ...shown, history, api_key_id: session.apiKeyId };
}

export const showCommands: readonly Command[] = [
  showCommand({
    noun: 'payment',
    id: '<payment-id>',
    summary:
      'Shows a payment with its refunds, disputes, history and the key that made it; or an open or expired session.',
    example: '1042000123456789',
    read: async ({ database, workspace }, id) => {
      const rowId = parseRowId(id);
      const details = await findPaymentDetails(database, workspace.id, rowId);
      if (details) return { ...presentPaymentDetails(details), api_key_id: details.payment.apiKeyId };
      const session = await findPayment(database, workspace.id, rowId);
      return session && presentUnpaid(session);
    },
  }),
  showCommand({
    noun: 'link',
    id: '<lnk_…>',
    summary: 'Shows a payment link.',
    example: 'lnk_08f3c2a1b9d4e5f607182',
    read: async ({ database, workspace, publicUrl }, token) => {
      const link = await findPaymentLink(database, workspace.id, token);
      return link && presentLink(publicUrl, link);
    },
  }),
  showCommand({
    noun: 'endpoint',
    id: '<we_…>',
    summary: 'Shows a webhook endpoint, without its secret.',
    example: 'we_0f3c2a1b9d4e5f60718293a4b5c',
    read: async ({ database, workspace }, id) => {
      const endpoint = await findWebhookEndpoint(database, workspace.id, id);
      return endpoint && presentWebhookEndpoint(endpoint);
    },
  }),
  showCommand({
    noun: 'delivery',
    id: '<dlv_…>',
    summary: 'Shows a delivery with its attempts.',
    example: 'dlv_00b1946ac92492d2347c6235b4d261118',
    read: async ({ database, workspace }, id) => {
      const found = await findDelivery(database, workspace.id, id);
      return found && presentDelivery(found.delivery);
    },
  }),
  showCommand({
    noun: 'event',
    id: '<evt_…>',
    summary: 'Shows an event as endpoints receive it.',
    example: 'evt_0b1946ac92492d2347c6235b4d2611184',
    read: async ({ database, workspace }, id) => {
      const event = await findEvent(database, workspace.id, id);
      return event && presentEvent(event);
    },
  }),
];
