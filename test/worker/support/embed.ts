import { expect } from 'vitest';
import * as z from 'zod';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import type { CreateLink } from '../../../src/domain/links/create-link.ts';
import { type BindingChanges, fetchWith } from './direct.ts';
import { ORIGIN } from './pay-page.ts';
import { newWorkspace, type TestWorkspace, type WorkspaceOptions } from './workspace.ts';

export const API = `${ORIGIN}/api/v1/embed/payments`;
/** Of the merchant's page. */
export const SHOP = 'https://shop.example';

export interface Widget {
  readonly shop: TestWorkspace;
  readonly keyId: string;
  readonly key: string;
  readonly link: PaymentLink;
}

/** A shop with a public key for its page, and a link. */
export async function newWidget(
  link: Partial<CreateLink> = {},
  options: WorkspaceOptions & { readonly allowedOrigins?: readonly string[] } = {},
): Promise<Widget> {
  const { allowedOrigins = [SHOP], ...workspace } = options;
  const shop = await newWorkspace({ webhook: false, ...workspace });
  const { id, secret } = await shop.issue({ kind: 'public', scopes: [], allowedOrigins });
  return { shop, keyId: id, key: secret, link: await shop.link(link) };
}

export interface Asking {
  readonly method?: string;
  /** null: the browser sends none. */
  readonly origin?: string | null;
  readonly key?: string;
  readonly token?: string;
  readonly lang?: string;
  readonly reference?: string;
  readonly email?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bindings?: BindingChanges;
}

/** A bootstrap as the browser of a merchant's page sends it. */
export async function askBootstrap({ key, link }: Pick<Widget, 'key' | 'link'>, as: Asking = {}): Promise<Response> {
  const query = new URLSearchParams({
    key: as.key ?? key,
    token: as.token ?? link.token,
    ...(as.lang === undefined ? {} : { lang: as.lang }),
    ...(as.reference === undefined ? {} : { reference: as.reference }),
    ...(as.email === undefined ? {} : { email: as.email }),
  });
  const origin = as.origin === undefined ? SHOP : as.origin;
  const headers = { ...(origin === null ? {} : { Origin: origin }), 'Sec-Fetch-Site': 'cross-site', ...as.headers };
  return await fetchWith(as.bindings ?? {}, new Request(`${API}/bootstrap?${query}`, { method: as.method, headers }));
}

const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const bootstrapAnswer = z.strictObject({
  data: z.strictObject({
    token: z.string(),
    frame_url: z.string(),
    pay_url: z.string(),
    expires_at: moment,
    sandbox: z.boolean(),
    link: z.strictObject({
      id: z.string(),
      title: z.string(),
      amount_cents: z.int().nullable(),
      currency: z.string(),
      amount_editable: z.boolean(),
      amount_text: z.string().nullable(),
      label: z.string(),
      business_name: z.string().nullable(),
    }),
    button: z.strictObject({ background: z.string(), text: z.string() }),
    language: z.string(),
    dir: z.enum(['ltr', 'rtl']),
    texts: z.strictObject({ close: z.string(), continue: z.string(), loading: z.string() }),
  }),
});
export type Bootstrap = z.output<typeof bootstrapAnswer>['data'];

/** What the page was given, after its status was found to be 200. */
export async function expectBootstrap(response: Response): Promise<Bootstrap> {
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return bootstrapAnswer.parse(JSON.parse(text)).data;
}

export async function boot(widget: Widget, as: Asking = {}): Promise<Bootstrap> {
  return await expectBootstrap(await askBootstrap(widget, as));
}

/** No page can read the answer. */
export function expectNoCors({ headers }: Response): void {
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
}

export interface AsFrame {
  readonly headers?: Readonly<Record<string, string>>;
  readonly bindings?: BindingChanges;
}

/** The frame's page, as an iframe loads it. */
export async function openFrame(url: string, as: AsFrame = {}): Promise<Response> {
  const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'iframe', ...as.headers };
  return await fetchWith(as.bindings ?? {}, new Request(url, { headers }));
}

/** What our own script sends from the frame. */
export async function postSession(
  body: unknown,
  as: AsFrame & { readonly query?: string; readonly address?: string } = {},
): Promise<Response> {
  const request = new Request(`${API}/sessions${as.query ?? ''}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Origin: ORIGIN,
      'Sec-Fetch-Site': 'same-origin',
      ...(as.address === undefined ? {} : { 'CF-Connecting-IP': as.address }),
      ...as.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return await fetchWith(as.bindings ?? {}, request);
}

/** The frame's word that its buyer has left a session. */
export async function postEnd(body: unknown, as: AsFrame = {}): Promise<Response> {
  const headers = {
    'Content-Type': 'application/json',
    Origin: ORIGIN,
    'Sec-Fetch-Site': 'same-origin',
    ...as.headers,
  };
  const request = new Request(`${API}/sessions/end`, { method: 'POST', headers, body: JSON.stringify(body) });
  return await fetchWith(as.bindings ?? {}, request);
}

const sessionAnswer = z.strictObject({
  data: z.strictObject({
    client_secret: z.string().nullable(),
    publishable_key: z.string(),
    stripe_account: z.string(),
    session_id: z.string(),
    payment_id: z.int(),
  }),
});
export type EmbeddedSession = z.output<typeof sessionAnswer>['data'];

export async function expectEmbedded(response: Response, status = 201): Promise<EmbeddedSession> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return sessionAnswer.parse(JSON.parse(text)).data;
}

export async function askStatus(
  t: string,
  sessionId: string,
  as: AsFrame & { readonly lang?: string } = {},
): Promise<Response> {
  const query = new URLSearchParams({ t, session_id: sessionId, ...(as.lang === undefined ? {} : { lang: as.lang }) });
  const headers = { 'Sec-Fetch-Site': 'same-origin', ...as.headers };
  return await fetchWith(as.bindings ?? {}, new Request(`${API}/status?${query}`, { headers }));
}
