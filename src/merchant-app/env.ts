import * as z from 'zod/mini';
import { readEmail } from '../core/email.ts';
import { madeOnce } from '../core/made-once.ts';
import { isLoopbackUrl } from '../core/urls.ts';
import { type Config as ServiceConfig, type SharedBindings, configOf as serviceConfigOf } from '../env.ts';

/** The bindings and variables of the merchant app (wrangler.merchant-app.toml). docs/operating.md explains every variable. */
export interface Bindings extends SharedBindings {
  readonly MAIL: SendEmail;
  /** The files in public-app/. */
  readonly ASSETS: Fetcher;
  readonly APP_URL?: string;
  readonly AUTH_SECRET?: string;
  readonly MAIL_FROM?: string;
  readonly SIGN_UP?: string;
}

/** The configuration of the merchant app, after all variables were checked. */
export interface Config {
  /** The origin of the app: an https address without a path. */
  readonly appUrl: string;
  /** Signs cookies and encrypts codes. */
  readonly authSecret: string;
  /** The address that mails are sent from. */
  readonly mailFrom: string;
  /** `open`: anybody may sign in. `invitation`: only people who are known or invited. */
  readonly signUp: 'invitation' | 'open';
  /** What the use cases need: the same variables as those of the API. */
  readonly service: ServiceConfig;
}

type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] };

const MIN_SECRET_CHARACTERS = 32;
const URL_EXPECTED = 'must be an https address without a path, such as https://app.example.com';
const SECRET_EXPECTED = `must have at least ${MIN_SECRET_CHARACTERS} characters (\`openssl rand -base64 32\` makes some)`;
const ADDRESS_EXPECTED = 'must be an e-mail address, such as no-reply@example.com';

const isOrigin = (value: string) =>
  URL.canParse(value) && new URL(value).origin === value && (value.startsWith('https:') || isLoopbackUrl(value));

const variables = z.object({
  APP_URL: z.string(URL_EXPECTED).check(z.refine(isOrigin, URL_EXPECTED)),
  AUTH_SECRET: z.string(SECRET_EXPECTED).check(z.minLength(MIN_SECRET_CHARACTERS, SECRET_EXPECTED)),
  MAIL_FROM: z.string(ADDRESS_EXPECTED).check(z.refine((value) => readEmail(value) === value, ADDRESS_EXPECTED)),
  SIGN_UP: z._default(z.enum(['invitation', 'open'], 'must be invitation or open'), 'invitation'),
});

/** Reads and checks the configuration in the bindings. The result is kept for each `bindings` object. */
export const configOf: (bindings: Bindings) => ParsedConfig = madeOnce((bindings) => {
  const parsed = variables.safeParse(bindings);
  const service = serviceConfigOf(bindings);
  if (!parsed.success || !service.ok) {
    const own = parsed.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? [];
    return { ok: false, faults: [...own, ...(service.ok ? [] : service.faults)] };
  }
  const { APP_URL: appUrl, AUTH_SECRET: authSecret, MAIL_FROM: mailFrom, SIGN_UP: signUp } = parsed.data;
  return { ok: true, config: { appUrl, authSecret, mailFrom, signUp, service: service.config } };
});
