import { paidSession } from '../support/refunds.ts';
import { describeRejections } from '../support/rejections.ts';
import type { TestWorkspace } from '../support/workspace.ts';

const paidPath = async (workspace: TestWorkspace) => `/payments/${(await paidSession(workspace)).id}`;

const read = {
  method: 'GET',
  allow: 'GET',
  scope: 'service.payments.payments.read',
  otherScopes: ['service.payments.refunds.create', 'service.payments.checkout.read', 'service.payments.keys.write'],
  success: 200,
  body: null,
  needsAccount: false,
} as const;

describeRejections({ ...read, template: '/payments', path: async () => '/payments' });

describeRejections({ ...read, template: '/payments/:id', path: paidPath });

describeRejections({
  method: 'POST',
  template: '/payments/:id/refunds',
  allow: 'POST',
  scope: 'service.payments.refunds.create',
  otherScopes: ['service.payments.payments.read', 'service.payments.checkout.create', 'service.payments.keys.write'],
  success: 201,
  body: { amount_cents: 100, reason: 'requested_by_customer' },
  bodyOptional: true,
  // Refunds need no account that may charge.
  needsAccount: false,
  path: async (workspace) => `${await paidPath(workspace)}/refunds`,
});
