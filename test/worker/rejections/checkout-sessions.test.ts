import { expectSession } from '../support/api.ts';
import { describeRejections } from '../support/rejections.ts';
import { call, SESSION, type TestWorkspace } from '../support/workspace.ts';

async function openSession(workspace: TestWorkspace): Promise<number> {
  const response = await call(workspace.key, 'POST', '/checkout-sessions', SESSION);
  return (await expectSession(response)).id;
}

describeRejections({
  method: 'POST',
  template: '/checkout-sessions',
  allow: 'POST',
  scope: 'service.payments.checkout.create',
  otherScopes: ['service.payments.checkout.read', 'service.payments.links.write', 'service.payments.keys.write'],
  success: 201,
  body: SESSION,
  needsAccount: true,
  path: async () => '/checkout-sessions',
});

describeRejections({
  method: 'GET',
  template: '/checkout-sessions/:id',
  allow: 'GET',
  scope: 'service.payments.checkout.read',
  otherScopes: ['service.payments.payments.read', 'service.payments.links.read', 'service.payments.keys.write'],
  success: 200,
  body: null,
  needsAccount: false,
  path: async (workspace) => `/checkout-sessions/${await openSession(workspace)}`,
});

describeRejections({
  method: 'POST',
  template: '/checkout-sessions/:id/expire',
  allow: 'POST',
  scope: 'service.payments.checkout.create',
  otherScopes: ['service.payments.checkout.read', 'service.payments.links.write', 'service.payments.keys.write'],
  success: 200,
  body: {},
  bodyOptional: true,
  needsAccount: false,
  path: async (workspace) => `/checkout-sessions/${await openSession(workspace)}/expire`,
});
