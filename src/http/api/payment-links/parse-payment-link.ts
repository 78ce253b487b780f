import type * as z from 'zod/mini';
import type { ErrorDetail } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { parseCurrency } from '../../../core/money/money.ts';
import { parseRfc3339 } from '../../../core/rfc3339.ts';
import type { CreateLink } from '../../../domain/links/create-link.ts';
import {
  amountFaults,
  decideLinkPrice,
  type LinkPriceInput,
  type PriceOrFaults,
} from '../../../domain/links/link-price.ts';
import type { LinkChange } from '../../../domain/links/update-link.ts';
import type { Parsed } from '../../middleware/json-body.ts';
import { linkChangeSchema, MAX_SUGGESTED_AMOUNTS, newLinkSchema } from './schema.ts';

/** Published aliases, used only where the canonical member is not sent. Those of amounts are domain/links/link-price's. */
const ALIASES: Readonly<Record<string, string>> = {
  show_business_name: 'showBusinessName',
  button_color: 'buttonColor',
  button_text_color: 'buttonTextColor',
};

/** The body by canonical names, and what each member that came as an alias was called. */
function withoutAliases(body: JsonObject): { readonly sent: JsonObject; readonly written: Map<string, string> } {
  const sent = { ...body };
  const written = new Map<string, string>();
  for (const [name, alias] of Object.entries(ALIASES)) {
    const value = body[alias];
    // null is as good as not sent, unless nothing else was: then it clears.
    const stands = body[name] !== undefined && (body[name] !== null || value === null);
    if (value === undefined || stands) continue;
    sent[name] = value;
    written.set(name, alias);
  }
  return { sent, written };
}

/** Faults name the member as the caller wrote it. Of several checks with one message it is told once. */
function toDetails(issues: readonly z.core.$ZodIssue[], written: ReadonlyMap<string, string>): ErrorDetail[] {
  const told = new Map(issues.map((issue) => [issue.message, issue]));
  return [...told.values()].map(({ path, message }) => refusal(path.join('.'), message, written));
}

function refusal(path: string, message: string, written: ReadonlyMap<string, string>): ErrorDetail {
  const name = written.get(path);
  if (name === undefined) return { path, code: 'validation_failed', message };
  return { path: name, code: 'validation_failed', message: message.replace(path, name) };
}

const kindOf = (value: unknown): 'link' | 'button' => (value === 'link' ? 'link' : 'button');
const timeOf = (value: string | null | undefined): number | null => (value ? parseRfc3339(value) : null);

/** The money members of a body. What is of a wrong type is left out: the schema refuses it. */
function priceInput(sent: JsonObject): LinkPriceInput {
  const { amount_editable: editable, suggested_amounts_cents: suggested } = sent;
  const isList = Array.isArray(suggested) && suggested.length <= MAX_SUGGESTED_AMOUNTS;
  return {
    ...sent,
    amount_editable: typeof editable === 'boolean' ? editable : undefined,
    suggested_amounts_cents: isList || suggested === null ? suggested : undefined,
  };
}

/** The price that a new link's body makes; with an `amount_editable` of a wrong type nobody knows what it should be. */
function newPrice(sent: JsonObject, currency: string | null): PriceOrFaults {
  const { amount_editable: editable = null } = sent;
  const isKnown = editable === null || typeof editable === 'boolean';
  if (!isKnown) return { ok: false, faults: amountFaults(priceInput(sent)) };
  return decideLinkPrice(priceInput(sent), currency, null);
}

/** The body of `POST /payment-links`, or all its faults at once; null is the same as not sent. */
export function parseNewLink(body: JsonObject): Parsed<CreateLink> {
  const { sent, written } = withoutAliases(body);
  const parsed = newLinkSchema.safeParse(sent);
  const currency = parseCurrency(sent.currency);
  // Judged by core/money.ts alone: the schema would only add that it is missing.
  const issues = (parsed.error?.issues ?? []).filter((issue) => issue.path[0] !== 'currency');
  const faults = toDetails(issues, written);
  if (currency === null) {
    const message = 'currency must be a 3-letter ISO 4217 code that Stripe takes, for example "gbp".';
    faults.push(refusal('currency', message, written));
  }
  const price = newPrice(sent, currency);
  if (!price.ok) faults.push(...price.faults);
  if (!parsed.success || currency === null || !price.ok || faults.length > 0) return { ok: false, faults };
  const { data } = parsed;
  return {
    ok: true,
    input: {
      ...price.price,
      kind: kindOf(data.kind),
      title: data.title,
      description: data.description ?? null,
      currency,
      active: data.active ?? true,
      showBusinessName: data.show_business_name ?? false,
      buttonColor: data.button_color ?? null,
      buttonTextColor: data.button_text_color ?? null,
      expiresAt: timeOf(data.expires_at),
      maxPayments: data.max_payments ?? null,
      successUrl: data.success_url ?? null,
      inactiveMessage: data.inactive_message ?? null,
    },
  };
}

/** Members that an update cannot clear: null is refused. */
const NEVER_NULL = ['title', 'active', 'show_business_name', 'amount_editable', 'currency', 'kind'] as const;

/** The body of `PATCH /payment-links/:id`, or all faults that need no look at the link. */
export function parseLinkChange(body: JsonObject): Parsed<LinkChange> {
  const { sent, written } = withoutAliases(body);
  const parsed = linkChangeSchema.safeParse(sent);
  const faults = toDetails(parsed.error?.issues ?? [], written);
  for (const name of NEVER_NULL) {
    if (sent[name] !== null || parsed.error?.issues.some((issue) => issue.path[0] === name)) continue;
    faults.push(refusal(name, `${name} cannot be cleared: send a value.`, written));
  }
  const price = priceInput(sent);
  faults.push(...amountFaults(price));
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  const { data } = parsed;
  return {
    ok: true,
    input: {
      currency: data.currency,
      kind: data.kind === undefined ? undefined : kindOf(data.kind),
      price,
      changes: {
        title: data.title,
        description: data.description,
        active: data.active ?? undefined,
        showBusinessName: data.show_business_name ?? undefined,
        buttonColor: data.button_color,
        buttonTextColor: data.button_text_color,
        expiresAt: data.expires_at === undefined ? undefined : timeOf(data.expires_at),
        maxPayments: data.max_payments,
        successUrl: data.success_url,
        inactiveMessage: data.inactive_message,
      },
    },
  };
}
