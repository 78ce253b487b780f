import { SIMULATED } from '../../support/simulated.ts';
import { endpointRow } from '../support/deliveries.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { describeRejections } from '../support/rejections.ts';
import type { TestWorkspace } from '../support/workspace.ts';

async function ownEndpoint(workspace: TestWorkspace): Promise<string> {
  return `/webhook-endpoints/${(await endpointRow(workspace)).id}`;
}

const read = {
  method: 'GET',
  scope: 'service.payments.webhooks.read',
  otherScopes: ['service.payments.webhooks.write', 'service.payments.payments.read', 'service.payments.keys.write'],
  success: 200,
  body: null,
  needsAccount: false,
} as const;

const write = {
  scope: 'service.payments.webhooks.write',
  otherScopes: ['service.payments.webhooks.read', 'service.payments.links.write', 'service.payments.keys.write'],
  needsAccount: false,
} as const;

describeRejections({
  ...read,
  template: '/webhook-endpoints',
  allow: 'GET, POST',
  path: async () => '/webhook-endpoints',
});

describeRejections({
  ...write,
  method: 'POST',
  template: '/webhook-endpoints',
  allow: 'GET, POST',
  success: 201,
  body: { url: `${SIMULATED.stripeUrl}/sink/rejections`, events: ['payments.payment.succeeded'] },
  path: async () => '/webhook-endpoints',
});

describeRejections({
  ...read,
  template: '/webhook-endpoints/:id',
  allow: 'GET, PATCH, DELETE',
  path: ownEndpoint,
});

describeRejections({
  ...write,
  method: 'PATCH',
  template: '/webhook-endpoints/:id',
  allow: 'GET, PATCH, DELETE',
  success: 200,
  body: { description: 'Orders', events: ['*'] },
  path: ownEndpoint,
});

describeRejections({
  ...write,
  method: 'DELETE',
  template: '/webhook-endpoints/:id',
  allow: 'GET, PATCH, DELETE',
  success: 204,
  body: null,
  // Each time one that is still there.
  path: async (workspace) => `/webhook-endpoints/${(await addEndpointRow(workspace)).id}`,
});
