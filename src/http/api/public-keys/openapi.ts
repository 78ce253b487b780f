import type { RouteDescription } from '../route-description.ts';
import { listPublicKeysQuery, PUBLIC_KEY_BODIES } from './requests.ts';
import { createdPublicKeySchema, publicKeySchema } from './responses.ts';

const common = { scopes: ['service.payments.keys.write'], id: 'token' } as const;

export const PUBLIC_KEY_ROUTES: readonly RouteDescription[] = [
  {
    ...common,
    method: 'get',
    path: '/public-keys',
    operationId: 'listPublicKeys',
    summary: 'List public keys',
    description:
      'The public keys of your workspace, newest first, revoked ones with their time. Never the keys themselves.',
    request: [],
    success: { status: 200, schema: publicKeySchema(), description: 'A page of keys.' },
    errors: ['validation_failed'],
    idempotent: false,
    query: listPublicKeysQuery,
  },
  {
    ...common,
    method: 'post',
    path: '/public-keys',
    operationId: 'createPublicKey',
    summary: 'Create a public key',
    description:
      'A key for the widget on the pages of `allowed_origins`, of the mode of your secret key. `data.key` is shown this once. At most 20 keys are in force. Exact https hosts, and that of the checkout frame, are registered for Apple Pay and Google Pay on your connected account; where that fails the key is made all the same, and the next update that sends `allowed_origins` tries again.',
    request: [PUBLIC_KEY_BODIES.sandbox.create],
    requestExample: { name: 'Shop pages', allowed_origins: ['https://shop.example', 'https://*.shop.example'] },
    success: { status: 201, schema: createdPublicKeySchema(), description: 'The key. Keep `data.key`.' },
    errors: [],
    idempotent: true,
  },
  {
    ...common,
    method: 'patch',
    path: '/public-keys/{id}',
    operationId: 'updatePublicKey',
    summary: 'Update a public key',
    description: 'Its name, or the whole list of its origins. Pages feel it at their next request.',
    request: [PUBLIC_KEY_BODIES.sandbox.change],
    requestExample: { allowed_origins: ['https://shop.example'] },
    success: { status: 200, schema: publicKeySchema(), description: 'The key as it is now.' },
    errors: ['not_found'],
    idempotent: true,
  },
  {
    ...common,
    method: 'delete',
    path: '/public-keys/{id}',
    operationId: 'revokePublicKey',
    summary: 'Revoke a public key',
    description: 'The very next request with it is refused. Revoked before: 204 as well.',
    request: [],
    success: { status: 204, schema: null, description: 'Revoked.' },
    errors: ['not_found'],
    idempotent: false,
  },
];
