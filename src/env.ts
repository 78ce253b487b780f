import * as z from 'zod/mini';
import type { Mode } from './core/api-keys.ts';
import { parseSecretsKey, type SecretsKeyring, secretsKeyFault } from './core/crypto.ts';
import { madeOnce } from './core/made-once.ts';
import { isLoopbackUrl } from './core/urls.ts';
import type { LinkGate } from './objects/link-gate.ts';
import type { WorkspaceGate } from './objects/workspace-gate.ts';

/** A queue message that a delivery is due. It carries only the delivery's id, because the row says what is to be done. */
export interface DeliveryMessage {
  readonly deliveryId: string;
}

/** The bindings and variables of the Worker (wrangler.toml). */
export interface Bindings {
  readonly DB: D1Database;
  readonly WORKSPACE_GATE: DurableObjectNamespace<WorkspaceGate>;
  readonly LINK_GATE: DurableObjectNamespace<LinkGate>;
  /** First attempts at deliveries. */
  readonly DELIVERIES: Queue<DeliveryMessage>;
  /** Every further attempt, and first attempts at endpoints that fail or do not answer. */
  readonly RETRIES: Queue<DeliveryMessage>;
  readonly ASSETS: Fetcher;
  readonly EMBED_RATE: RateLimit;
  readonly PUBLIC_URL?: string;
  readonly SECRETS_KEY?: string;
  readonly OPERATOR_TOKEN?: string;
  readonly ALLOW_LOCAL_WEBHOOKS?: string;
  readonly REPORT_URL?: string;
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

/** The platform's Stripe credentials of one mode. */
export interface StripeModeConfig {
  readonly secretKey: string;
  /** null: Stripe's webhooks are refused, and payments are settled by the cron alone. */
  readonly webhookSecret: string | null;
  /** null: the widget is not offered. */
  readonly publishableKey: string | null;
}

/** The Worker's configuration, checked. */
export interface Config {
  /** No trailing slash. */
  readonly publicUrl: string;
  readonly secretsKey: string;
  readonly operatorToken: string | null;
  readonly allowLocalWebhooks: boolean;
  readonly reportUrl: string | null;
  /** Cloudflare Turnstile, for links with very many visitors; null: not set up. */
  readonly turnstile: { readonly siteKey: string; readonly secretKey: string } | null;
  readonly stripeApiBase: string;
  /** Stripe.js, which the widget's frame loads. */
  readonly stripeJsUrl: string;
  readonly stripe: Readonly<Record<Mode, StripeModeConfig | null>>;
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Stripe.js of the release whose API version the SDK uses (docs.stripe.com/sdks/stripejs-versioning). */
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
  REPORT_URL: z.optional(z.union([z.literal(''), webUrl], WEB_URL_EXPECTED)),
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

function modeConfig(
  secretKey: string | null,
  webhookSecret: string | null,
  publishableKey: string | null,
): StripeModeConfig | null {
  return secretKey === null ? null : { secretKey, webhookSecret, publishableKey };
}

/** Checks every variable at once. `faults` names each variable that is missing, malformed or contradicts another. */
function parseConfig(bindings: Bindings): ParsedConfig {
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

/** The configuration of these bindings, parsed once in each isolate. */
export const configOf: (bindings: Bindings) => ParsedConfig = madeOnce(parseConfig);

/** The keys that encrypt stored secrets, imported once for each configuration. */
export const keyringOf: (config: Config) => Promise<SecretsKeyring> = madeOnce(({ secretsKey }) =>
  parseSecretsKey(secretsKey),
);
