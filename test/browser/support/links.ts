import { expect } from 'vitest';
import * as z from 'zod';
import type { Demo, DemoSide } from './demo.ts';

const answer = z.object({ data: z.object({ id: z.string(), url: z.string() }) });

export interface Link {
  /** The token, `lnk_…`. */
  readonly id: string;
  /** Its pay page. */
  readonly url: string;
}

/** A link of £50, unless `fields` says otherwise; with `amount_editable` the buyer chooses. Made through the API. */
export async function createLink(demo: Demo, owner: DemoSide, fields: Record<string, unknown> = {}): Promise<Link> {
  const price = fields.amount_editable === true ? {} : { amount_cents: 5000 };
  const common = { title: 'Studio deposit', currency: 'GBP', show_business_name: true };
  return await send(demo, owner, 'POST', '', { ...common, ...price, ...fields });
}

/** Changes a link through the API. */
export async function changeLink(demo: Demo, owner: DemoSide, link: Link, fields: object): Promise<Link> {
  return await send(demo, owner, 'PATCH', `/${link.id}`, fields);
}

async function send(demo: Demo, owner: DemoSide, method: string, path: string, body: object): Promise<Link> {
  const response = await fetch(`${demo.baseUrl}/api/v1/services/payments/payment-links${path}`, {
    method,
    headers: { Authorization: `Bearer ${owner.keys.all}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.ok, `${method} payment-links${path}: ${response.status} ${text}`).toBe(true);
  return answer.parse(JSON.parse(text)).data;
}
