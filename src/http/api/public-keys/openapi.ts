import type { RouteDescription } from '../route-description.ts';
import { listPublicKeysQuery, PUBLIC_KEY_BODIES } from './requests.ts';
import { createdPublicKeySchema, publicKeySchema } from './responses.ts';

const key = {
  id: 'key_0b1946ac92492d2347c6235b4d',
  prefix: 'pk_live_',
  last4: 'x9Zq',
  name: 'Shop pages',
  allowed_origins: ['https://shop.example', 'https://*.shop.example'],
  created_at: '2026-05-19T18:00:00Z',
  revoked_at: null,
};

const id = { description: 'The `id` of the key, not the key itself.', example: key.id };

const common = { tag: 'Public keys', scopes: ['service.payments.keys.write'] } as const;

export const PUBLIC_KEY_ROUTES: readonly RouteDescription[] = [
  {
    ...common,
    method: 'get',
    path: '/public-keys',
    operationId: 'listPublicKeys',
    summary: 'List public keys',
    description:
      'Returns the public keys of your workspace, newest first. Revoked keys are in the list too. The text of a key is never shown again.',
    success: { status: 200, schema: publicKeySchema(), description: 'A page of keys.', example: key },
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
    request: [{ name: 'PublicKeyRequest', schema: PUBLIC_KEY_BODIES.sandbox.create }],
    requestExamples: {
      shop: {
        summary: 'The pages of a shop',
        value: { name: 'Shop pages', allowed_origins: ['https://shop.example', 'https://*.shop.example'] },
      },
    },
    success: {
      status: 201,
      schema: createdPublicKeySchema(),
      description: 'The key. Keep `data.key`.',
      example: { ...key, key: 'pk_live_…' },
    },
    errors: ['limit_reached'],
  },
  {
    ...common,
    method: 'patch',
    id,
    path: '/public-keys/{id}',
    operationId: 'updatePublicKey',
    summary: 'Update a public key',
    description:
      'Changes the name of a key, or its list of origins. The new list replaces the old one. It applies from the next request of a page.',
    request: [{ name: 'PublicKeyUpdate', schema: PUBLIC_KEY_BODIES.sandbox.change }],
    requestExamples: {
      origins: { summary: 'Another list of origins', value: { allowed_origins: ['https://shop.example'] } },
    },
    success: {
      status: 200,
      schema: publicKeySchema(),
      description: 'The changed key.',
      example: { ...key, allowed_origins: ['https://shop.example'] },
    },
  },
  {
    ...common,
    method: 'delete',
    id,
    path: '/public-keys/{id}',
    operationId: 'revokePublicKey',
    summary: 'Revoke a public key',
    description:
      'Revokes a key. The next request with it is refused. A key that is already revoked is answered with 204.',
    success: { status: 204, schema: null, description: 'The key is revoked.' },
  },
];
