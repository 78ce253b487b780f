import { expect } from 'vitest';
import * as z from 'zod';
import { call, newWorkspace, type TestWorkspace, type WorkspaceOptions } from './workspace.ts';

export const KEYS_WRITE = 'service.payments.keys.write';

const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const members = {
  id: z.string().regex(/^key_[01][0-9a-z]{26}$/),
  prefix: z.enum(['pk_live_', 'pk_test_']),
  last4: z.string().length(4),
  name: z.string(),
  allowed_origins: z.array(z.string()),
  created_at: moment,
  revoked_at: moment.nullable(),
};
const shown = z.strictObject(members);
const created = z.strictObject({ ...members, key: z.string() });
export type PublicKeyAnswer = z.output<typeof shown>;
export type CreatedKeyAnswer = z.output<typeof created>;

/** A workspace whose key may make public keys, and everything else. */
export async function newKeyOwner(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  return await newWorkspace({ webhook: false, scopes: ['service.payments.*', KEYS_WRITE], ...options });
}

export async function postKey(shop: TestWorkspace, body: unknown, headers: Record<string, string> = {}) {
  return await call(shop.key, 'POST', '/public-keys', body, headers);
}

export async function expectCreated(response: Response): Promise<CreatedKeyAnswer> {
  const text = await response.text();
  expect(response.status, text).toBe(201);
  return z.strictObject({ data: created }).parse(JSON.parse(text)).data;
}

export async function newKey(shop: TestWorkspace, origins: readonly string[]): Promise<CreatedKeyAnswer> {
  return await expectCreated(await postKey(shop, { allowed_origins: origins }));
}

export async function patchKey(shop: TestWorkspace, id: string, body: unknown): Promise<Response> {
  return await call(shop.key, 'PATCH', `/public-keys/${id}`, body);
}

export async function expectKey(response: Response): Promise<PublicKeyAnswer> {
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return z.strictObject({ data: shown }).parse(JSON.parse(text)).data;
}

const list = z.strictObject({
  data: z.array(shown),
  meta: z.strictObject({
    limit: z.int(),
    offset: z.int(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
});

export async function listKeys(shop: TestWorkspace, query = '') {
  const response = await call(shop.key, 'GET', `/public-keys${query}`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return list.parse(JSON.parse(text));
}
