import type * as z from 'zod/mini';
import type { ErrorDetail } from '../../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { textFault } from '../../../core/text.ts';
import { webhookUrlFault } from '../../../core/urls.ts';
import type { NewEndpoint } from '../../../domain/webhooks/endpoints/create-endpoint.ts';
import type { EndpointChange } from '../../../domain/webhooks/endpoints/update-endpoint.ts';
import type { Config } from '../../../env.ts';
import type { Parsed } from '../../middleware/json-body.ts';
import {
  endpointChangeSchema,
  MAX_METADATA_KEY,
  MAX_METADATA_KEYS,
  MAX_METADATA_VALUE,
  newEndpointSchema,
  rotationSchema,
} from './schema.ts';

/** A member that no schema judges: its value, or its faults. */
type Judged<T> = { readonly value: T; readonly faults: readonly ErrorDetail[] };

function refusal(path: string, message: string): ErrorDetail {
  return { path, code: 'validation_failed', message };
}

/** `url` is judged by core/urls.ts alone: the schema would only add that it is missing. */
function toDetails(issues: readonly z.core.$ZodIssue[] = []): ErrorDetail[] {
  return issues.filter(({ path }) => path[0] !== 'url').map(({ path, message }) => refusal(path.join('.'), message));
}

function judgeUrl(value: JsonValue | undefined, config: Config): Judged<string> {
  const rules = { allowLocal: config.allowLocalWebhooks, ownHosts: [new URL(config.publicUrl).host] };
  const fault = webhookUrlFault(value, rules);
  return fault === null
    ? { value: String(value), faults: [] }
    : { value: '', faults: [refusal('url', `url ${fault}`)] };
}

function judgeMetadata(value: JsonValue | undefined): Judged<Record<string, string>> {
  if (value === undefined || value === null) return { value: {}, faults: [] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { value: {}, faults: [refusal('metadata', 'metadata must be a flat object of text values.')] };
  }
  const entries = Object.entries(value);
  const faults = entries.flatMap(([name, text]) => metadataEntryFaults(name, text));
  if (entries.length > MAX_METADATA_KEYS) {
    faults.unshift(refusal('metadata', `metadata must have at most ${MAX_METADATA_KEYS} keys.`));
  }
  const texts = entries.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text] as const] : []));
  return { value: Object.fromEntries(texts), faults };
}

function metadataEntryFaults(name: string, text: JsonValue): ErrorDetail[] {
  const path = `metadata.${name}`;
  if (name === '') return [refusal(path, 'A metadata key must have at least 1 character.')];
  if (name === '__proto__') return [refusal(path, 'This metadata key is reserved: choose another.')];
  const nameFault = textFault(name, { max: MAX_METADATA_KEY, lineBreaks: false });
  if (nameFault) return [refusal(path, `A metadata key ${nameFault}`)];
  const expected = `must be text of at most ${MAX_METADATA_VALUE} characters.`;
  const fault = typeof text === 'string' ? textFault(text, { max: MAX_METADATA_VALUE, lineBreaks: true }) : expected;
  return fault ? [refusal(path, `${path} ${fault}`)] : [];
}

/** The body of `POST /webhook-endpoints`, or all its faults at once; null is the same as not sent. */
export function parseNewEndpoint(body: JsonObject, config: Config): Parsed<NewEndpoint> {
  const parsed = newEndpointSchema.safeParse(body);
  const url = judgeUrl(body.url, config);
  const metadata = judgeMetadata(body.metadata);
  const faults = [...url.faults, ...toDetails(parsed.error?.issues), ...metadata.faults];
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  const { events, description } = parsed.data;
  return {
    ok: true,
    input: {
      url: url.value,
      metadata: metadata.value,
      description: description ?? null,
      ...(events ? { events } : {}),
    },
  };
}

/** The body of `PATCH /webhook-endpoints/:id`, or all faults that need no look at the endpoint. */
export function parseEndpointChange(body: JsonObject, config: Config): Parsed<EndpointChange> {
  const parsed = endpointChangeSchema.safeParse(body);
  const url = body.url === undefined ? null : judgeUrl(body.url, config);
  const metadata = body.metadata === undefined ? null : judgeMetadata(body.metadata);
  const faults = [...(url?.faults ?? []), ...toDetails(parsed.error?.issues), ...(metadata?.faults ?? [])];
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  const { events, description, status } = parsed.data;
  return { ok: true, input: { url: url?.value, metadata: metadata?.value, events, description, status } };
}

/** The body of `POST /webhook-endpoints/:id/rotate-secret`. */
export function parseRotation(body: JsonObject): Parsed<{ readonly force: boolean }> {
  const parsed = rotationSchema.safeParse(body);
  if (!parsed.success) return { ok: false, faults: toDetails(parsed.error.issues) };
  return { ok: true, input: { force: parsed.data.force ?? false } };
}
