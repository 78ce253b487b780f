import { expect } from 'vitest';
import * as z from 'zod';
import { type BindingChanges, fetchWith } from './direct.ts';
import { rowsEverywhere } from './shards.ts';
import { stripeRequests } from './simulator.ts';
import { BASE, bodyOf, type TestWorkspace } from './workspace.ts';

/** One call to the Worker with some of its bindings replaced. `body` undefined: none; a string or bytes are sent as they are. */
export async function callWith(
  bindings: BindingChanges,
  key: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const request = new Request(`${BASE}${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined || body instanceof Uint8Array ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: bodyOf(body) }),
  });
  return await fetchWith(bindings, request);
}

const errorAnswer = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string().min(1),
    details: z
      .array(
        z.strictObject({
          path: z.string(),
          code: z.string(),
          message: z.string().min(1),
          readings: z
            .array(z.strictObject({ amount_cents: z.number(), text: z.string(), amount: z.string() }))
            .min(1)
            .optional(),
        }),
      )
      .min(1)
      .optional(),
  }),
});
export type ApiFault = z.output<typeof errorAnswer>['error'];

/** The error of an answer, after its status and code were found to be the expected ones. */
export async function expectError(response: Response, status: number, code: string): Promise<ApiFault> {
  const text = await response.text();
  expect([response.status, text], text).toEqual([status, expect.stringContaining(`"code":"${code}"`)]);
  const { error } = errorAnswer.parse(JSON.parse(text));
  expect(error.code).toBe(code);
  return error;
}

const rowId = z.int().min(1);
const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const sessionAnswer = z.strictObject({
  data: z.strictObject({
    id: rowId,
    url: z.string().nullable(),
    stripe_session_id: z.string().regex(/^cs_(test|live)_\w+$/),
    amount_cents: z.int(),
    currency: z.string().regex(/^[A-Z]{3}$/),
    status: z.string(),
    payment_link_id: rowId.nullable(),
    payment_link_token: z.string().nullable(),
    reference: z.string().nullable(),
    expires_at: moment,
    created_at: moment,
  }),
});
export type SessionAnswer = z.output<typeof sessionAnswer>['data'];

/** The checkout session of an answer, after its status was found to be the expected one. */
export async function expectSession(response: Response, status = 201): Promise<SessionAnswer> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return sessionAnswer.parse(JSON.parse(text)).data;
}

/** The rows of a workspace in one table, oldest first. */
export async function rowsOf(table: string, workspaceId: string): Promise<Record<string, unknown>[]> {
  return await rowsEverywhere(`SELECT * FROM ${table} WHERE workspace_id = ? ORDER BY rowid`, workspaceId);
}

const TABLES = [
  'payments',
  'payment_links',
  'refunds',
  'events',
  'deliveries',
  'webhook_endpoints',
  'api_keys',
  'business_profiles',
  'profile_logos',
] as const;

const COUNTS = [...TABLES, 'audit_log']
  .map((table) => `(SELECT count(*) FROM ${table} WHERE workspace_id = ?1) AS ${table}`)
  .join(', ');

/** All that a request may leave behind: a workspace's rows, its audit log, and what was asked of Stripe. */
export async function footprint({ workspace, account, binding }: TestWorkspace): Promise<Record<string, unknown>> {
  const rows = await binding.prepare(`SELECT ${COUNTS}`).bind(workspace.id).first();
  const stripe = account === null ? 0 : (await stripeRequests(account)).length;
  return { ...rows, stripe_requests: stripe };
}

/** The POSTs to Stripe that were to make a session, oldest first. */
export async function createRequests(account: string | null) {
  const requests = await stripeRequests(accountOf(account));
  return requests.filter(({ method, path }) => method === 'POST' && path === '/v1/checkout/sessions');
}

/** For tests whose workspace has an account. */
export function accountOf(account: string | null): string {
  if (account === null) throw new Error('This workspace has no account');
  return account;
}
