import { expect } from 'vitest';
import * as z from 'zod';
import { expectError, rowsOf } from './api.ts';
import { rowsEverywhere } from './shards.ts';
import { sinkUrl } from './simulator.ts';
import { call, type TestWorkspace } from './workspace.ts';

export type Body = Record<string, unknown>;

const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const endpoint = z.strictObject({
  id: z.string().regex(/^we_[01][0-9a-z]{26}$/),
  url: z.string(),
  events: z.array(z.string()).min(1),
  description: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: z.string().nullable(),
  created_at: moment,
  updated_at: moment,
});
const newEndpointAnswer = z.strictObject({
  data: endpoint.extend({ secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/) }),
});
const rotationAnswer = z.strictObject({
  data: z.strictObject({ secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/), previous_valid_until: moment }),
});

export type EndpointAnswer = z.output<typeof endpoint>;
export type NewEndpointAnswer = z.output<typeof newEndpointAnswer>['data'];

async function bodyOf(response: Response, status: number): Promise<unknown> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return JSON.parse(text);
}

/** The endpoint of an answer, which must have the status 200 and hold no secret. */
export async function expectEndpoint(response: Response): Promise<EndpointAnswer> {
  return z.strictObject({ data: endpoint }).parse(await bodyOf(response, 200)).data;
}

/** The endpoint of a 201, with its secret. */
export async function expectNewEndpoint(response: Response): Promise<NewEndpointAnswer> {
  return newEndpointAnswer.parse(await bodyOf(response, 201)).data;
}

/** The new secret of a rotation. */
export async function expectRotated(response: Response) {
  return rotationAnswer.parse(await bodyOf(response, 200)).data;
}

/** How many deliveries a 202 has queued. */
export async function expectQueued(response: Response): Promise<number> {
  const answer = z.strictObject({ data: z.strictObject({ queued: z.int() }) });
  return answer.parse(await bodyOf(response, 202)).data.queued;
}

export async function postEndpoint(shop: TestWorkspace, body: Body, headers: Record<string, string> = {}) {
  return await call(shop.key, 'POST', '/webhook-endpoints', body, headers);
}

export async function patchEndpoint(shop: TestWorkspace, id: string, body: Body) {
  return await call(shop.key, 'PATCH', `/webhook-endpoints/${id}`, body);
}

/** `rotate-secret`, `ping` or `enable`. */
export async function act(shop: TestWorkspace, id: string, action: string, body?: Body, idempotencyKey?: string) {
  const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
  return await call(shop.key, 'POST', `/webhook-endpoints/${id}/${action}`, body, headers);
}

/** An endpoint made through the API, at a sink of its own unless the body has a `url`. */
export async function newEndpoint(shop: TestWorkspace, body: Body = {}): Promise<NewEndpointAnswer & { sink: string }> {
  const sink = `sink-${crypto.randomUUID()}`;
  return { ...(await expectNewEndpoint(await postEndpoint(shop, { url: sinkUrl(sink), ...body }))), sink };
}

/** The endpoint as the API shows it now. */
export async function readEndpoint(shop: TestWorkspace, id: string): Promise<EndpointAnswer> {
  return await expectEndpoint(await call(shop.key, 'GET', `/webhook-endpoints/${id}`));
}

/** The row of an endpoint. */
export async function rowOf(id: string): Promise<Record<string, unknown>> {
  const [row] = await rowsEverywhere('SELECT * FROM webhook_endpoints WHERE id = ?', id);
  if (!row) throw new Error(`There is no endpoint ${id}`);
  return row;
}

/** The actions of the audit log on one object, oldest first. */
export async function auditOf({ workspace }: TestWorkspace, object: string): Promise<unknown[]> {
  const audit = await rowsOf('audit_log', workspace.id);
  return audit.filter((entry) => entry.object === object).map(({ action }) => action);
}

/** All that a request for an endpoint may write. */
export async function writtenBy({ workspace }: TestWorkspace) {
  const tables = ['webhook_endpoints', 'events', 'deliveries', 'audit_log'];
  return await Promise.all(tables.map((table) => rowsOf(table, workspace.id)));
}

/** Refused with 400 `validation_failed`, the faults at these paths, each message saying which, and nothing written. */
export async function expectFaults(shop: TestWorkspace, request: () => Promise<Response>, paths: readonly string[]) {
  const before = await writtenBy(shop);
  const error = await expectError(await request(), 400, 'validation_failed');
  const faults = (error.details ?? []).map(({ path, code }) => `${path}: ${code}`);
  expect(faults.toSorted()).toEqual(paths.map((path) => `${path}: validation_failed`).toSorted());
  for (const { path, message } of error.details ?? []) expect(message).toContain(path.split('.')[0]);
  expect(await writtenBy(shop)).toEqual(before);
}
