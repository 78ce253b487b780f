import * as z from 'zod/mini';
import type { Mode } from './core/api-keys.ts';
import { parseSecretsKey, type SecretsKeyring, secretsKeyFault } from './core/crypto.ts';
import { DRIFT_THRESHOLDS, type DriftFigure, type DriftValues, type DriftVariable } from './core/drift-thresholds.ts';
import { logLine } from './core/log.ts';
import { madeOnce } from './core/made-once.ts';
import type { DatabaseBindings } from './core/shards.ts';
import { isLoopbackUrl } from './core/urls.ts';
import type { LinkGate } from './objects/link-gate.ts';
import type { WorkspaceGate } from './objects/workspace-gate.ts';

/** A queue message: a delivery is to be attempted. Its state is in the database, so the id is enough. */
export interface DeliveryMessage {
  readonly deliveryId: string;
}

/** A variable that is a number. In wrangler.toml it may be written with or without quotes. */
type NumberVariable = string | number;

/** The bindings and variables that use cases need, of the API and of the merchant app. docs/operating.md explains them. */
export interface SharedBindings extends DatabaseBindings, Readonly<Partial<Record<DriftVariable, NumberVariable>>> {
  readonly WORKSPACE_GATE: DurableObjectNamespace<WorkspaceGate>;
  readonly LINK_GATE: DurableObjectNamespace<LinkGate>;
  /** The queue for first attempts of deliveries. */
  readonly DELIVERIES: Queue<DeliveryMessage>;
  /** The queue for all later attempts, and for first attempts at endpoints that are failing or do not answer. */
  readonly RETRIES: Queue<DeliveryMessage>;
  readonly PUBLIC_URL?: string;
  readonly SECRETS_KEY?: string;
  readonly OPERATOR_TOKEN?: string;
  readonly ALLOW_LOCAL_WEBHOOKS?: string;
  readonly REPORT_URL?: string;
  readonly DOCS_URL?: string;
  readonly AUDIT_DAYS?: NumberVariable;
  readonly CONNECT_DASHBOARD?: string;
  readonly TURNSTILE_SITE_KEY?: string;
  readonly TURNSTILE_SECRET_KEY?: string;
  readonly STRIPE_API_BASE?: string;
  readonly STRIPE_SECRET_KEY_TEST?: string;
  readonly STRIPE_SECRET_KEY_LIVE?: string;
  readonly STRIPE_JS_URL?: string;
  readonly STRIPE_PUBLISHABLE_KEY_TEST?: string;
  readonly STRIPE_PUBLISHABLE_KEY_LIVE?: string;
  readonly STRIPE_WEBHOOK_SECRET_TEST?: string;
  readonly STRIPE_WEBHOOK_SECRET_LIVE?: string;
}

/** The bindings and variables of the API (wrangler.toml). */
export interface Bindings extends SharedBindings {
  readonly ASSETS: Fetcher;
  readonly EMBED_RATE: RateLimit;
}

/** The platform's own Stripe credentials for one mode, live or sandbox. */
interface StripeModeConfig {
  readonly secretKey: string;
  /** The secret of Stripe's webhooks. null: not configured, so these are refused and only cron settles payments. */
  readonly webhookSecret: string | null;
  /** null: not configured, so the widget does not work in this mode. */
  readonly publishableKey: string | null;
}

/** The Worker's configuration, after all variables were checked. */
export interface Config {
  /** The address of this service, without a slash at the end. */
  readonly publicUrl: string;
  readonly secretsKey: string;
  readonly operatorToken: string | null;
  readonly allowLocalWebhooks: boolean;
  readonly reportUrl: string | null;
  /** The address of a public documentation of the API, for people. null: not configured. */
  readonly docsUrl: string | null;
  /** How long the audit log is kept, in days. */
  readonly auditDays: number;
  /** Which dashboard of Stripe's the accounts have that are made here. */
  readonly connectDashboard: 'express' | 'full';
  /** From where on a figure of `/health/drift` is an alarm. */
  readonly driftThresholds: DriftValues;
  /** The keys of Cloudflare Turnstile, which checks that a visitor is human. null: not configured. */
  readonly turnstile: { readonly siteKey: string; readonly secretKey: string } | null;
  readonly stripeApiBase: string;
  /** The address of Stripe.js, which the widget's frame loads. */
  readonly stripeJsUrl: string;
  readonly stripe: Readonly<Record<Mode, StripeModeConfig | null>>;
}

type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] };

/** The address of Stripe.js whose API version our SDK has (docs.stripe.com/sdks/stripejs-versioning). */
export const STRIPE_JS_URL = 'https://js.stripe.com/endive/stripe.js';

const WEB_URL_EXPECTED = 'must be an absolute http or https URL';

const optionalText = z.pipe(
  z.optional(z.string('must be text')),
  z.transform((value: string | undefined) => (value === undefined || value === '' ? null : value)),
);

const webUrl = z
  .pipe(
    z.url({ protocol: /^https?$/, error: WEB_URL_EXPECTED }),
    z.transform((value: string) => value.replace(/\/+$/, '')),
  )
  .check(
    z.refine((value) => value.startsWith('https:') || isLoopbackUrl(value), 'must be https unless it is loopback'),
  );

const startingWith = (...prefixes: readonly string[]) =>
  optionalText.check(
    z.refine(
      (value) => value === null || prefixes.some((prefix) => value.startsWith(prefix)),
      `must begin with ${prefixes.join(' or ')}`,
    ),
  );

/** A whole number from `least` on. `byDefault`: what it is if the variable is not set. */
function wholeNumber(least: number, byDefault: number) {
  const expected = `must be a whole number from ${least} on`;
  return z.pipe(
    z.pipe(
      z.optional(z.union([z.string(), z.number()], expected)),
      z.transform((value: NumberVariable | undefined) =>
        value === undefined || value === '' ? byDefault : Number(value),
      ),
    ),
    z.int(expected).check(z.gte(least, expected)),
  );
}

const threshold = (figure: DriftFigure) => wholeNumber(0, DRIFT_THRESHOLDS[figure].byDefault);

const variables = z.object({
  PUBLIC_URL: webUrl,
  SECRETS_KEY: z.string('must be set: base64 of 32 bytes (`openssl rand -base64 32` makes one)').check(
    z.superRefine((value, context) => {
      const fault = secretsKeyFault(value);
      if (fault) context.addIssue({ code: 'custom', message: fault });
    }),
  ),
  OPERATOR_TOKEN: optionalText.check(
    z.refine((value) => value === null || value.length >= 24, 'must have at least 24 characters'),
  ),
  ALLOW_LOCAL_WEBHOOKS: z.optional(z.enum(['true', 'false', ''], 'must be true or false')),
  AUDIT_DAYS: wholeNumber(1, 400),
  CONNECT_DASHBOARD: z.pipe(
    z.pipe(
      optionalText,
      z.transform((value: string | null) => value ?? 'express'),
    ),
    z.enum(['express', 'full'], 'must be express or full'),
  ),
  DRIFT_SESSION_SECONDS: threshold('open_sessions_past_expiry'),
  DRIFT_DELIVERY_SECONDS: threshold('deliveries_overdue'),
  DRIFT_OUTBOX_SECONDS: threshold('outbox_age_seconds'),
  DRIFT_ACCOUNTS_UNREAD: threshold('accounts_unread'),
  DRIFT_ACCOUNTS_REFUSED: threshold('accounts_refused'),
  DRIFT_QUARANTINED: threshold('quarantine'),
  DRIFT_DROPPED: threshold('dropped_stripe_events'),
  DRIFT_SECRETS_UNREADABLE: threshold('webhook_secrets'),
  REPORT_URL: z.optional(z.union([z.literal(''), webUrl], WEB_URL_EXPECTED)),
  DOCS_URL: z.optional(z.union([z.literal(''), webUrl], WEB_URL_EXPECTED)),
  TURNSTILE_SITE_KEY: optionalText,
  TURNSTILE_SECRET_KEY: optionalText,
  STRIPE_API_BASE: z._default(webUrl, 'https://api.stripe.com'),
  STRIPE_SECRET_KEY_TEST: startingWith('sk_test_', 'rk_test_'),
  STRIPE_SECRET_KEY_LIVE: startingWith('sk_live_', 'rk_live_'),
  STRIPE_JS_URL: z._default(webUrl, STRIPE_JS_URL),
  STRIPE_PUBLISHABLE_KEY_TEST: startingWith('pk_test_'),
  STRIPE_PUBLISHABLE_KEY_LIVE: startingWith('pk_live_'),
  STRIPE_WEBHOOK_SECRET_TEST: optionalText,
  STRIPE_WEBHOOK_SECRET_LIVE: optionalText,
});

type Variables = z.output<typeof variables>;

function contradictions(parsed: Variables): string[] {
  const faults: string[] = [];
  if (parsed.ALLOW_LOCAL_WEBHOOKS === 'true' && !isLoopbackUrl(parsed.PUBLIC_URL)) {
    faults.push('ALLOW_LOCAL_WEBHOOKS is only for a PUBLIC_URL on loopback: remove one of the two');
  }
  if (parsed.STRIPE_SECRET_KEY_TEST === null && parsed.STRIPE_SECRET_KEY_LIVE === null) {
    faults.push('STRIPE_SECRET_KEY_TEST or STRIPE_SECRET_KEY_LIVE is missing: set at least one');
  }
  if ((parsed.TURNSTILE_SITE_KEY === null) !== (parsed.TURNSTILE_SECRET_KEY === null)) {
    faults.push('TURNSTILE_SITE_KEY and TURNSTILE_SECRET_KEY belong together: set both or neither');
  }
  return faults;
}

function thresholdsOf(parsed: Variables): DriftValues {
  return {
    open_sessions_past_expiry: parsed.DRIFT_SESSION_SECONDS,
    deliveries_overdue: parsed.DRIFT_DELIVERY_SECONDS,
    outbox_age_seconds: parsed.DRIFT_OUTBOX_SECONDS,
    accounts_unread: parsed.DRIFT_ACCOUNTS_UNREAD,
    accounts_refused: parsed.DRIFT_ACCOUNTS_REFUSED,
    quarantine: parsed.DRIFT_QUARANTINED,
    dropped_stripe_events: parsed.DRIFT_DROPPED,
    webhook_secrets: parsed.DRIFT_SECRETS_UNREADABLE,
  };
}

function modeConfig(
  secretKey: string | null,
  webhookSecret: string | null,
  publishableKey: string | null,
): StripeModeConfig | null {
  return secretKey === null ? null : { secretKey, webhookSecret, publishableKey };
}

/** Checks every variable at once. `faults` names each variable that is missing, malformed or contradicts another. */
function parseConfig(bindings: SharedBindings): ParsedConfig {
  const parsed = variables.safeParse(bindings);
  if (!parsed.success) {
    return { ok: false, faults: parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) };
  }
  const value = parsed.data;
  const faults = contradictions(value);
  if (faults.length > 0) return { ok: false, faults };
  const { TURNSTILE_SITE_KEY: siteKey, TURNSTILE_SECRET_KEY: turnstileSecret } = value;
  return {
    ok: true,
    config: {
      publicUrl: value.PUBLIC_URL,
      secretsKey: value.SECRETS_KEY,
      operatorToken: value.OPERATOR_TOKEN,
      allowLocalWebhooks: value.ALLOW_LOCAL_WEBHOOKS === 'true',
      reportUrl: value.REPORT_URL || null,
      docsUrl: value.DOCS_URL || null,
      auditDays: value.AUDIT_DAYS,
      connectDashboard: value.CONNECT_DASHBOARD,
      driftThresholds: thresholdsOf(value),
      turnstile: siteKey && turnstileSecret ? { siteKey, secretKey: turnstileSecret } : null,
      stripeApiBase: value.STRIPE_API_BASE,
      stripeJsUrl: value.STRIPE_JS_URL,
      stripe: {
        live: modeConfig(
          value.STRIPE_SECRET_KEY_LIVE,
          value.STRIPE_WEBHOOK_SECRET_LIVE,
          value.STRIPE_PUBLISHABLE_KEY_LIVE,
        ),
        sandbox: modeConfig(
          value.STRIPE_SECRET_KEY_TEST,
          value.STRIPE_WEBHOOK_SECRET_TEST,
          value.STRIPE_PUBLISHABLE_KEY_TEST,
        ),
      },
    },
  };
}

/** Reads and checks the configuration in the bindings. The result is kept for each `bindings` object. */
export const configOf: (bindings: SharedBindings) => ParsedConfig = madeOnce(parseConfig);

/** The keys with which this service encrypts the secrets that it stores. They are kept for each `config` object. */
export const keyringOf: (config: Config) => Promise<SecretsKeyring> = madeOnce(({ secretsKey }) =>
  parseSecretsKey(secretsKey),
);

/**
 * The configuration for the queue and cron handlers. Throws Error if the configuration has faults, and logs them all:
 * these handlers have no caller who gets an error answer.
 */
export function requireConfig(bindings: Bindings): Config {
  const parsed = configOf(bindings);
  if (parsed.ok) return parsed.config;
  logLine('error', 'configuration', { faults: parsed.faults });
  throw new Error(`Configuration: ${parsed.faults.join('; ')}`);
}
