import type * as z from 'zod/mini';
import type { ErrorCode, ErrorDetail } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { parseCurrency, resolveAmount } from '../../../core/money/money.ts';
import type { CreateSession } from '../../../domain/checkout/create-session.ts';
import type { PriceRequest } from '../../../domain/checkout/price.ts';
import type { Parsed } from '../../middleware/json-body.ts';
import { adHocSessionSchema, linkSessionSchema } from './schema.ts';

const CODE_OF_FIELD: Readonly<Record<string, ErrorCode>> = { success_url: 'invalid_url', cancel_url: 'invalid_url' };

/** Judged by core/money.ts alone: the schema would only add that a required one is missing. */
const MONEY_FIELDS: readonly unknown[] = ['currency', 'amount_cents', 'amount'];

function toDetail(issue: z.core.$ZodIssue): ErrorDetail {
  const [field] = issue.path;
  const nested = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  return {
    path: issue.path.join('.'),
    code: CODE_OF_FIELD[String(field)] ?? 'validation_failed',
    message: nested ?? issue.message,
  };
}

const MAX_METADATA_KEYS = 40;

/** What the record schema does not tell: it drops one name silently, and stops counting at the first faulty value. */
function metadataFaults({ metadata }: JsonObject): ErrorDetail[] {
  if (typeof metadata !== 'object' || metadata === null) return [];
  const fault = (path: string, message: string): ErrorDetail => ({ path, code: 'validation_failed', message });
  const names = Object.keys(metadata);
  return [
    ...(names.length > MAX_METADATA_KEYS
      ? [fault('metadata', `metadata must have at most ${MAX_METADATA_KEYS} keys.`)]
      : []),
    ...(names.includes('__proto__')
      ? [fault('metadata.__proto__', 'This metadata key is reserved: choose another.')]
      : []),
  ];
}

function adHocPrice(body: JsonObject): { price: PriceRequest | null; faults: ErrorDetail[] } {
  const currency = parseCurrency(body.currency);
  const resolved = resolveAmount(body, currency);
  const faults: ErrorDetail[] = resolved.ok
    ? []
    : resolved.faults.map(({ field, message }) => ({ path: field, code: 'invalid_amount', message }));
  if (currency === null) {
    const message = 'currency must be a 3-letter ISO 4217 code that Stripe takes, for example "gbp".';
    faults.push({ path: 'currency', code: 'invalid_currency', message });
  }
  if (!resolved.ok || currency === null) return { price: null, faults };
  return { price: { kind: 'ad_hoc', price: { amountMinor: resolved.amountMinor, currency } }, faults };
}

/**
 * The body of `POST /checkout-sessions`, or all its faults at once. With a `payment_link_token` the price is the link's
 * business: amount and currency are judged only once the link is known.
 */
export function parseCreateSession(body: JsonObject): Parsed<CreateSession> {
  const { payment_link_token: token } = body;
  const byLink = token !== undefined && token !== null;
  const parsed = byLink ? linkSessionSchema.safeParse(body) : adHocSessionSchema.safeParse(body);
  const money = byLink ? { price: linkPrice(body), faults: [] } : adHocPrice(body);
  const issues = (parsed.error?.issues ?? []).filter((issue) => !MONEY_FIELDS.includes(issue.path[0]));
  const faults = [...issues.map(toDetail), ...money.faults, ...metadataFaults(body)];
  if (!parsed.success || !money.price || faults.length > 0) return { ok: false, faults };
  const { data } = parsed;
  return {
    ok: true,
    input: {
      price: money.price,
      description: data.description ?? null,
      reference: data.reference ?? null,
      customerEmail: data.customer_email ?? null,
      ui: { kind: 'hosted', successUrl: data.success_url, cancelUrl: data.cancel_url, language: null },
      metadata: data.metadata ?? {},
    },
  };
}

function linkPrice(body: JsonObject): PriceRequest {
  const { payment_link_token: token, amount_cents, amount } = body;
  return { kind: 'link', token: typeof token === 'string' ? token : '', amount_cents, amount };
}
