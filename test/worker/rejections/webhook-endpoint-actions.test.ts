import { endpointRow } from '../support/deliveries.ts';
import type { ProtectedRoute } from '../support/protected-route.ts';
import { describeRejections } from '../support/rejections.ts';
import type { TestWorkspace } from '../support/workspace.ts';

const action = {
  method: 'POST',
  allow: 'POST',
  scope: 'service.payments.webhooks.write',
  otherScopes: ['service.payments.webhooks.read', 'service.payments.links.write', 'service.payments.keys.write'],
  bodyOptional: true,
  needsAccount: false,
} as const;

function below(name: string): Pick<ProtectedRoute, 'template' | 'path'> {
  return {
    template: `/webhook-endpoints/:id/${name}`,
    path: async (workspace: TestWorkspace) => `/webhook-endpoints/${(await endpointRow(workspace)).id}/${name}`,
  };
}

describeRejections({ ...action, ...below('rotate-secret'), success: 200, body: { force: true } });
describeRejections({ ...action, ...below('ping'), success: 202, body: {} });
describeRejections({ ...action, ...below('enable'), success: 202, body: {} });
