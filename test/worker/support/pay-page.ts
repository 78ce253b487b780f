import { env } from 'cloudflare:workers';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { countingD1, countingNamespace } from './counting.ts';
import { type BindingChanges, fetchWith } from './direct.ts';

export const ORIGIN = SIMULATED.variables.PUBLIC_URL;

/** A page as a buyer's browser has it. */
export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** What is to be read on it: no markup, style or script. */
  readonly text: string;
  /** The form's fields as they would be sent untouched; empty where the page has no form. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where the form is sent to, or null without one. */
  readonly action: string | null;
}

export interface Visit {
  /** Behind the path, with its question mark. */
  readonly query?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The visitor's address. */
  readonly address?: string;
  readonly bindings?: BindingChanges;
}

/** One request to a path of the Worker, as a browser sends it. */
export async function visit(path: string, { query = '', method = 'GET', ...as }: Visit = {}): Promise<Response> {
  const request = new Request(`${ORIGIN}${path}${query}`, { method, headers: headersOf(as) });
  return await fetchWith(as.bindings ?? {}, request);
}

export function payPath(token: string): string {
  return `/pay/link/${token}`;
}

/** The pay page of a link. */
export async function openPage(link: Pick<PaymentLink, 'token'>, as: Visit = {}): Promise<Page> {
  return await pageOf(await visit(payPath(link.token), as));
}

/** Sends a form to a link's pay page, as the buyer's browser would from that page. */
export async function sendForm(
  link: Pick<PaymentLink, 'token'>,
  fields: Readonly<Record<string, string>>,
  as: Visit = {},
): Promise<Response> {
  const request = new Request(`${ORIGIN}${payPath(link.token)}${as.query ?? ''}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Origin: ORIGIN,
      'Sec-Fetch-Site': 'same-origin',
      'Sec-Fetch-Mode': 'navigate',
      ...headersOf(as),
    },
    body: new URLSearchParams(fields).toString(),
  });
  return await fetchWith(as.bindings ?? {}, request);
}

/** Opens the page and sends its form as it is, with some fields filled in: what a buyer does with one tap. */
export async function tapPay(
  link: Pick<PaymentLink, 'token'>,
  filled: Readonly<Record<string, string>> = {},
  as: Visit = {},
): Promise<Response> {
  const { fields } = await openPage(link, as);
  return await sendForm(link, { ...fields, ...filled }, as);
}

function headersOf({ headers, address }: Visit): Record<string, string> {
  return { ...(address === undefined ? {} : { 'CF-Connecting-IP': address }), ...headers };
}

/** Reads an answer as a page. */
export async function pageOf(response: Response): Promise<Page> {
  const html = await response.text();
  const form = /<form\b[^>]*>/.exec(html)?.[0];
  return {
    status: response.status,
    headers: response.headers,
    html,
    text: textOf(html),
    fields: fieldsOf(html),
    action: form === undefined ? null : (attributesOf(form).action ?? null),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

function textOf(html: string): string {
  const bare = html.replace(/<(style|script)\b[^>]*>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, '');
  return decoded(bare);
}

function attributesOf(tag: string): Record<string, string> {
  const pairs = tag.matchAll(/([\w-]+)="([^"]*)"/g);
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, decoded(value)]));
}

function fieldsOf(html: string): Record<string, string> {
  const inputs = html.matchAll(/<input\b[^>]*>/g);
  return Object.fromEntries(
    [...inputs].flatMap(([tag]) => {
      const { type, name, value = '' } = attributesOf(tag);
      const sent = name !== undefined && (type !== 'radio' || / checked\b/.test(tag));
      return sent ? [[name, value] as const] : [];
    }),
  );
}

/** Bindings that count what a request costs: of the databases in `counts`, of the gates in `calls`. */
export function countedBindings() {
  const { bindings, counts } = countingD1(env);
  return {
    ...bindings,
    counts,
    WORKSPACE_GATE: countingNamespace(env.WORKSPACE_GATE),
    LINK_GATE: countingNamespace(env.LINK_GATE),
  };
}
