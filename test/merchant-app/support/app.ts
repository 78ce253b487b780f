import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as z from 'zod';
import type { DatabaseBindings } from '../../../src/core/shards.ts';
import type { SharedBindings } from '../../../src/env.ts';
import type { Bindings } from '../../../src/merchant-app/env.ts';
import worker from '../../../src/merchant-app/index.ts';

export const APP_URL = 'https://app.example.com';

/** What the app shares with the API. */
export const bindings = z.custom<SharedBindings & Pick<Bindings, 'ASSETS'>>().parse(env);

/** The databases of the app: that of the first shard, which has all people, and that of another one. */
export const { DB, DB_1 } = z.object({ DB: z.custom<D1Database>(), DB_1: z.custom<D1Database>() }).parse(env);

/** A mail as the app gives it to Cloudflare. */
export interface SentMail {
  readonly to: string;
  readonly from: { readonly email: string; readonly name: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const sentMail: z.ZodType<SentMail> = z.object({
  to: z.string(),
  from: z.object({ email: z.string(), name: z.string() }),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});

/**
 * The Worker with a binding for mails that keeps them. `variables` replace those of a complete configuration, `databases`
 * the two databases.
 */
export class TestApp {
  readonly mails: SentMail[] = [];
  readonly #env: Bindings;
  /** Makes sending fail. */
  mailFails = false;

  constructor(variables: Partial<Bindings> = {}, databases: Partial<DatabaseBindings> = {}) {
    const send = async (mail: unknown) => {
      const { to } = sentMail.parse(mail);
      if (this.mailFails) throw Object.assign(new Error(`${to} was refused`), { code: 'E_TEST' });
      this.mails.push(sentMail.parse(mail));
      return { messageId: crypto.randomUUID() };
    };
    this.#env = {
      ...bindings,
      MAIL: { send },
      APP_URL,
      AUTH_SECRET: 'an example of a secret that only these tests use',
      MAIL_FROM: 'no-reply@example.com',
      SIGN_UP: 'open',
      ...variables,
      ...databases,
    };
  }

  /** Sends a request, and waits for what the Worker still does behind its answer. */
  async fetch(request: Request): Promise<Response> {
    const context = createExecutionContext();
    const response = await worker.fetch(request, this.#env, context);
    await waitOnExecutionContext(context);
    return response;
  }

  /** Runs the cron. */
  async runCron(): Promise<void> {
    await worker.scheduled(createScheduledController(), this.#env);
  }

  /** The code in the last mail to this address. Throws if there is none. */
  codeFor(email: string): string {
    const code = this.mails.findLast(({ to }) => to === email)?.text.match(/^\d{6}$/m)?.[0];
    if (code === undefined) throw new Error(`No code was sent to ${email}`);
    return code;
  }
}

let visitors = 0;

/** A browser: keeps cookies, sends what browsers send with their own forms, and follows no redirect. */
export class TestBrowser {
  readonly #app: TestApp;
  readonly #cookies = new Map<string, string>();
  /** The IP address from which it sends. */
  readonly address: string;
  /** The time zone that Cloudflare says for its address. null: it does not know. */
  timeZone: string | null = null;
  /** The header lines of the cookies that were set. */
  readonly setCookies: string[] = [];

  constructor(app: TestApp, address?: string) {
    this.#app = app;
    visitors += 1;
    this.address = address ?? `10.${visitors >> 16}.${(visitors >> 8) & 255}.${visitors & 255}`;
  }

  /** The same browser with its cookies, in front of another app. */
  in(app: TestApp): TestBrowser {
    const browser = new TestBrowser(app, this.address);
    for (const [name, value] of this.#cookies) browser.#cookies.set(name, value);
    return browser;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(new Request(`${APP_URL}${path}`, { headers: this.#headers(headers) }));
  }

  /** Sends a form of the app's own page; a list of pairs may name a field several times. `headers` replace what the browser would send. */
  post(
    path: string,
    fields: Record<string, string> | string[][] = {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const own = { Origin: APP_URL, 'Sec-Fetch-Site': 'same-origin' };
    const body = new URLSearchParams(fields);
    const init = { method: 'POST', body, headers: this.#headers({ ...own, ...headers }) };
    return this.#send(new Request(`${APP_URL}${path}`, init));
  }

  /** Sends a form of the app's own page with one file. */
  postFile(path: string, field: string, file: File): Promise<Response> {
    const body = new FormData();
    body.set(field, file);
    const headers = this.#headers({ Origin: APP_URL, 'Sec-Fetch-Site': 'same-origin' });
    return this.#send(new Request(`${APP_URL}${path}`, { method: 'POST', body, headers }));
  }

  /** Sends a form whose bytes come only after `meanwhile`. Its length is known before. */
  async postLate(path: string, fields: Record<string, string>, meanwhile: () => Promise<unknown>): Promise<Response> {
    const bytes = new TextEncoder().encode(String(new URLSearchParams(fields)));
    const { readable, writable } = new FixedLengthStream(bytes.length);
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(bytes.length) };
    const headers = this.#headers({ ...form, Origin: APP_URL, 'Sec-Fetch-Site': 'same-origin' });
    const answer = this.#send(new Request(`${APP_URL}${path}`, { method: 'POST', body: readable, headers }));
    // Time for whatever does not wait for the bytes.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await meanwhile();
    const writer = writable.getWriter();
    await writer.write(bytes);
    await writer.close();
    return await answer;
  }

  /** Asks for a code, and enters the one that was sent. */
  async signIn(email: string): Promise<Response> {
    await this.post('/app/sign-in', { email });
    return await this.post('/app/sign-in/code', { code: this.#app.codeFor(email.toLowerCase()) });
  }

  #headers(more: Record<string, string>): Headers {
    const headers = new Headers({ 'CF-Connecting-IP': this.address, 'User-Agent': 'Firefox/140.0 (X11; Linux)' });
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookies !== '') headers.set('Cookie', cookies);
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
    return headers;
  }

  async #send(request: Request): Promise<Response> {
    const placed = this.timeZone === null ? request : new Request(request, { cf: { timezone: this.timeZone } });
    const response = await this.#app.fetch(placed);
    for (const line of response.headers.getSetCookie()) {
      this.setCookies.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}
