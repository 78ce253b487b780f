import { addEndpointRow } from '../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../support/events.ts';
import { describeRejections } from '../support/rejections.ts';

const read = {
  method: 'GET',
  scope: 'service.payments.webhooks.read',
  otherScopes: ['service.payments.webhooks.write', 'service.payments.payments.read', 'service.payments.keys.write'],
  success: 200,
  body: null,
  needsAccount: false,
  allow: 'GET',
} as const;

const write = {
  method: 'POST',
  scope: 'service.payments.webhooks.write',
  otherScopes: ['service.payments.webhooks.read', 'service.payments.links.write', 'service.payments.keys.write'],
  success: 202,
  needsAccount: false,
  allow: 'POST',
} as const;

describeRejections({ ...read, template: '/events', path: async () => '/events' });

describeRejections({
  ...read,
  template: '/events/:id',
  path: async (workspace) => {
    const [event] = await seedEvents(workspace, 1);
    return `/events/${event?.id}`;
  },
});

describeRejections({
  ...read,
  template: '/webhook-endpoints/:id/deliveries',
  path: async (workspace) => `/webhook-endpoints/${(await addEndpointRow(workspace)).id}/deliveries`,
});

describeRejections({
  ...write,
  template: '/webhook-endpoints/:id/replay',
  body: { since: '2026-05-19T18:04:11Z' },
  path: async (workspace) => `/webhook-endpoints/${(await addEndpointRow(workspace)).id}/replay`,
});

describeRejections({
  ...write,
  template: '/deliveries/:id/redeliver',
  body: {},
  bodyOptional: true,
  path: async (workspace) => {
    const endpoint = await addEndpointRow(workspace);
    const [id] = await seedDeliveries(workspace, endpoint.id, await seedEvents(workspace, 1));
    return `/deliveries/${id}/redeliver`;
  },
});
