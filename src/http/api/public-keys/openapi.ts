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
      'Returns the public keys of your workspace, newest first. Revoked keys are in the list too. The text of a key is never shown again.',
    success: { status: 200, schema: publicKeySchema(), description: 'A page of keys.' },
    query: listPublicKeysQuery,
  },
  {
    ...common,
    method: 'post',
    path: '/public-keys',
    operationId: 'createPublicKey',
    summary: 'Create a public key',
    description:
      'Creates a key for the widget on the pages of `allowed_origins`. It is a test key if your secret key is a test key, else a live key. Keep `data.key`: it is shown only in this answer. You can have at most 20 keys that are not revoked: for one more the answer is 409 `limit_reached`. Every exact https host in `allowed_origins`, and the host of the checkout frame, is registered for Apple Pay and Google Pay on your connected account. If that fails, the key is created all the same, and the next update that sends `allowed_origins` tries again.',
    request: [PUBLIC_KEY_BODIES.sandbox.create],
    requestExample: { name: 'Shop pages', allowed_origins: ['https://shop.example', 'https://*.shop.example'] },
    success: { status: 201, schema: createdPublicKeySchema(), description: 'The key. Keep `data.key`.' },
    errors: ['limit_reached'],
  },
  {
    ...common,
    method: 'patch',
    path: '/public-keys/{id}',
    operationId: 'updatePublicKey',
    summary: 'Update a public key',
    description:
      'Changes the name of a key, or its list of origins. The new list replaces the old one. It applies from the next request of a page.',
    request: [PUBLIC_KEY_BODIES.sandbox.change],
    requestExample: { allowed_origins: ['https://shop.example'] },
    success: { status: 200, schema: publicKeySchema(), description: 'The changed key.' },
  },
  {
    ...common,
    method: 'delete',
    path: '/public-keys/{id}',
    operationId: 'revokePublicKey',
    summary: 'Revoke a public key',
    description:
      'Revokes a key. The next request with it is refused. A key that is already revoked is answered with 204.',
    success: { status: 204, schema: null, description: 'The key is revoked.' },
  },
];
