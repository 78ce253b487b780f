import { describeRejections } from '../support/rejections.ts';
import type { TestWorkspace } from '../support/workspace.ts';

const LINK = { title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 } as const;

async function ownLink(workspace: TestWorkspace): Promise<string> {
  return (await workspace.link()).token;
}

const read = {
  method: 'GET',
  scope: 'service.payments.links.read',
  otherScopes: ['service.payments.links.write', 'service.payments.checkout.read', 'service.payments.keys.write'],
  success: 200,
  body: null,
  needsAccount: false,
} as const;

const write = {
  scope: 'service.payments.links.write',
  otherScopes: ['service.payments.links.read', 'service.payments.checkout.create', 'service.payments.keys.write'],
  needsAccount: false,
} as const;

describeRejections({
  ...read,
  template: '/payment-links',
  allow: 'GET, POST',
  path: async () => '/payment-links',
});

describeRejections({
  ...write,
  method: 'POST',
  template: '/payment-links',
  allow: 'GET, POST',
  success: 201,
  body: LINK,
  path: async () => '/payment-links',
});

describeRejections({
  ...read,
  template: '/payment-links/:id',
  allow: 'GET, PATCH',
  path: async (workspace) => `/payment-links/${await ownLink(workspace)}`,
});

describeRejections({
  ...write,
  method: 'PATCH',
  template: '/payment-links/:id',
  allow: 'GET, PATCH',
  success: 200,
  body: { title: 'Studio deposit (spring season)', amount: 75 },
  path: async (workspace) => `/payment-links/${await ownLink(workspace)}`,
});

describeRejections({
  ...read,
  template: '/payment-links/:id/snippet',
  allow: 'GET',
  path: async (workspace) => `/payment-links/${await ownLink(workspace)}/snippet`,
});
