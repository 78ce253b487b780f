import { env } from 'cloudflare:workers';
import * as z from 'zod';
import { OpenApiDocument, type Part } from '../../support/openapi-document.ts';

const API = '/api/v1/services/payments';

/** The document that the Worker serves as /openapi.json. */
export const OPENAPI = new OpenApiDocument(env.TEST_OPENAPI, 'https://openapi.test');

/** Headers that are ours, and so have to be in the document. `Cache-Control` and `nosniff` are the same on all answers. */
const OURS = /^(softsolz-|x-ratelimit-|idempotent-|retry-after$|www-authenticate$|allow$|deprecation$|sunset$)/;

const errorBody = z.looseObject({ error: z.looseObject({ code: z.string() }) });
const header = z.looseObject({
  required: z.boolean().default(false),
  schema: z.looseObject({ type: z.string() }),
});

const eventExample = z.looseObject({ value: z.looseObject({ data: z.record(z.string(), z.json()) }) });

/** The example of an event type in the document. */
export function exampleEvent(type: string) {
  const content = OPENAPI.part('/webhooks', type, 'post', 'requestBody', 'content', 'application/json');
  return eventExample.parse(content && OPENAPI.part(content.pointer, 'examples', 'event')?.value).value;
}

/** The path of the document that a request's path matches. */
function pathOf(path: string): { template: string; part: Part } | null {
  for (const [template, part] of OPENAPI.members('', 'paths')) {
    const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`);
    if (pattern.test(path)) return { template, part };
  }
  return null;
}

/** Where no operation is described: what the document says about every path. */
const ELSEWHERE: Readonly<Record<number, string>> = {
  403: 'InsufficientScope',
  405: 'MethodNotAllowed',
  503: 'ServiceUnavailable',
};

/** What the document says about an answer. `content` null: only that it has the body of an error. */
function describedResponse(method: string, path: ReturnType<typeof pathOf>, status: number): Part | null {
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = path ? OPENAPI.part(path.part.pointer, verb) : null;
  if (operation) return OPENAPI.part(operation.pointer, 'responses', String(status));
  const shared = ELSEWHERE[status];
  return shared === undefined ? null : OPENAPI.part('/components/responses', shared);
}

/**
 * Answers the same response, after it was found to be as the document says: its status, its headers, its error code and
 * every member of its body. Throws an Error that names operation, status and fault. Responses of other paths than those
 * of the API pass.
 */
export async function documented(method: string, url: string, response: Response): Promise<Response> {
  const { pathname } = new URL(url);
  if (!pathname.startsWith(`${API}/`) && pathname !== '/health') return response;
  const path = pathOf(pathname);
  const faults = await faultsOf(method, path, response);
  if (faults.length === 0) return response;
  const operation = `${method} ${path?.template ?? pathname}`;
  throw new Error(`${operation} answered ${response.status}, not as openapi.json says:\n${faults.join('\n')}`);
}

async function faultsOf(method: string, path: ReturnType<typeof pathOf>, response: Response): Promise<string[]> {
  const { status } = response;
  const text = await response.clone().text();
  const described = describedResponse(method, path, status);
  if (!described) {
    if (path) return [`this status is not listed. The body: ${text}`];
    return await OPENAPI.faultsOf('/components/schemas/ApiError', bodyIn(text), 'closed');
  }
  const content = OPENAPI.part(described.pointer, 'content', 'application/json');
  const headerFaults = await headerFaultsOf(described, response.headers);
  if (!content || method === 'HEAD') return [...headerFaults, ...(text === '' ? [] : [`a body: ${text}`])];
  const schema = OPENAPI.part(content.pointer, 'schema');
  const body = bodyIn(text);
  const bodyFaults = await OPENAPI.faultsOf(schema?.pointer ?? content.pointer, body, 'closed');
  const said = bodyFaults.length === 0 ? [] : [...bodyFaults, `The body: ${text}`];
  return [...headerFaults, ...said, ...(response.ok ? [] : codeFaults(content, body))];
}

/** The JSON of a body. Text that is no JSON stays text, in which the schema then finds the fault. */
function bodyIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The examples of an error answer are named for its codes. */
function codeFaults(content: Part, body: unknown): string[] {
  const code = errorBody.safeParse(body).data?.error.code ?? '';
  const codes = OPENAPI.members(content.pointer, 'examples').map(([name]) => name);
  return codes.includes(code) ? [] : [`the code ${code} is not among ${codes.join(', ')}`];
}

async function headerFaultsOf(described: Part, sent: Headers): Promise<string[]> {
  const members = OPENAPI.members(described.pointer, 'headers');
  const names = members.map(([name]) => name.toLowerCase());
  const unknown = [...sent.keys()].filter((name) => OURS.test(name) && !names.includes(name));
  const judged = members.map(async ([name, part]) => {
    const { required, schema } = header.parse(part.value);
    const text = sent.get(name);
    if (text === null) return required ? [`the header ${name} is missing`] : [];
    const value = schema.type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
    const faults = await OPENAPI.faultsOf(`${part.pointer}/schema`, value, 'closed');
    return faults.map((fault) => `the header ${name} is ${text}: ${fault}`);
  });
  return [...unknown.map((name) => `the header ${name} is not described`), ...(await Promise.all(judged)).flat()];
}
