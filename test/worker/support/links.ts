import { expect } from 'vitest';
import * as z from 'zod';
import { expectError, rowsOf } from './api.ts';
import { call, type TestWorkspace } from './workspace.ts';

export type Body = Record<string, unknown>;

const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const linkAnswer = z.strictObject({
  data: z.strictObject({
    id: z.string().regex(/^lnk_[01][0-9a-z]{20}$/),
    title: z.string(),
    description: z.string().nullable(),
    kind: z.enum(['link', 'button']),
    amount_cents: z.int().nullable(),
    min_amount_cents: z.int().nullable(),
    suggested_amounts_cents: z.array(z.int()),
    currency: z.string().regex(/^[A-Z]{3}$/),
    amount_editable: z.boolean(),
    active: z.boolean(),
    show_business_name: z.boolean(),
    button_color: z.string().nullable(),
    button_text_color: z.string().nullable(),
    expires_at: moment.nullable(),
    max_payments: z.int().nullable(),
    success_url: z.string().nullable(),
    inactive_message: z.string().nullable(),
    url: z.string(),
    created_at: moment,
    updated_at: moment,
  }),
});
export type LinkAnswer = z.output<typeof linkAnswer>['data'];

/** The payment link of an answer, after its status was found to be the expected one. */
export async function expectLink(response: Response, status = 200): Promise<LinkAnswer> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return linkAnswer.parse(JSON.parse(text)).data;
}

export async function postLink(shop: TestWorkspace, body: Body, headers: Record<string, string> = {}) {
  return await call(shop.key, 'POST', '/payment-links', body, headers);
}

export async function patchLink(shop: TestWorkspace, id: string, body: Body, headers: Record<string, string> = {}) {
  return await call(shop.key, 'PATCH', `/payment-links/${id}`, body, headers);
}

/** A link made through the API. */
export async function newLink(shop: TestWorkspace, body: Body): Promise<LinkAnswer> {
  return await expectLink(await postLink(shop, body), 201);
}

/** The link as the API shows it now. */
export async function readLink(shop: TestWorkspace, id: string): Promise<LinkAnswer> {
  return await expectLink(await call(shop.key, 'GET', `/payment-links/${id}`));
}

/** All that a request for a link may write. */
export async function writtenBy({ workspace }: TestWorkspace) {
  return { links: await rowsOf('payment_links', workspace.id), audit: await rowsOf('audit_log', workspace.id) };
}

/**
 * Refused as a link's body is: 400 `validation_failed`, the faults named by these members, and nothing written. Each message
 * names its member.
 */
export async function expectFaults(shop: TestWorkspace, request: () => Promise<Response>, paths: readonly string[]) {
  const before = await writtenBy(shop);
  const error = await expectError(await request(), 400, 'validation_failed');
  const faults = (error.details ?? []).map(({ path, code }) => `${path}: ${code}`);
  expect(faults.toSorted()).toEqual(paths.map((path) => `${path}: validation_failed`).toSorted());
  for (const { path, message } of error.details ?? []) expect(message).toContain(path);
  expect(error.details?.map(({ message }) => message)).toContain(error.message);
  expect(await writtenBy(shop)).toEqual(before);
}
