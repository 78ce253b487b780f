import { describeRejections } from '../support/rejections.ts';
import type { TestWorkspace } from '../support/workspace.ts';

const KEY = { name: 'Shop page', allowed_origins: ['https://shop.example'] } as const;

async function ownKey(workspace: TestWorkspace): Promise<string> {
  const { id } = await workspace.issue({ kind: 'public', scopes: [], allowedOrigins: ['https://shop.example'] });
  return `/public-keys/${id}`;
}

const common = {
  scope: 'service.payments.keys.write',
  byNameOnly: true,
  otherScopes: ['service.payments.links.write', 'service.payments.checkout.create', 'service.payments.webhooks.write'],
  needsAccount: false,
} as const;

describeRejections({
  ...common,
  method: 'GET',
  template: '/public-keys',
  allow: 'GET, POST',
  success: 200,
  body: null,
  path: async () => '/public-keys',
});

describeRejections({
  ...common,
  method: 'POST',
  template: '/public-keys',
  allow: 'GET, POST',
  success: 201,
  body: KEY,
  path: async () => '/public-keys',
});

describeRejections({
  ...common,
  method: 'PATCH',
  template: '/public-keys/:id',
  allow: 'PATCH, DELETE',
  success: 200,
  body: { name: 'Shop page (new)' },
  path: ownKey,
});

describeRejections({
  ...common,
  method: 'DELETE',
  template: '/public-keys/:id',
  allow: 'PATCH, DELETE',
  success: 204,
  body: null,
  path: ownKey,
});
