import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OPENAPI } from '../support/documented.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { ABSENT, valuesFor, withMember } from '../support/mutations.ts';
import { FIRST, URLS } from '../support/onboarding.ts';
import { paidSession } from '../support/refunds.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

type Body = Readonly<Record<string, unknown>>;

const API = '/api/v1/services/payments';

/** The request schema of an operation, its examples, and the schemas of all members, those of alternatives together. */
function requestOf(method: string, path: string) {
  const content = OPENAPI.part('/paths', `${API}${path}`, method, 'requestBody', 'content', 'application/json');
  const schema = content && OPENAPI.part(content.pointer, 'schema');
  if (!content || !schema) throw new Error(`${method} ${path} has no body in the document`);
  const alternatives = [schema, ...OPENAPI.members(schema.pointer, 'anyOf').map(([, part]) => part)];
  const members = alternatives.flatMap(({ pointer }) => OPENAPI.members(pointer, 'properties'));
  const examples = OPENAPI.members(content.pointer, 'examples').map(
    ([, { value }]) => z.looseObject({ value: z.record(z.string(), z.unknown()) }).parse(value).value,
  );
  return { schema, members, examples };
}

/** A body that is accepted at this path. */
interface Base {
  readonly path: string;
  readonly body: Body;
}

interface Tried {
  readonly method: 'post' | 'patch';
  readonly template: string;
  /** Its examples succeed in a workspace that has no Stripe account yet. */
  readonly beginsWithoutAccount?: boolean;
  bases(shop: TestWorkspace): Promise<readonly Base[]>;
}

const PUBLIC_URL = 'https://hooks.yoursite.com/softsolz';
const openLink = { amountMinor: null, minAmountMinor: null } as const;

const TRIED: readonly Tried[] = [
  {
    method: 'post',
    template: '/checkout-sessions',
    bases: async (shop) => {
      const { amount: _, ...rest } = SESSION;
      const { token } = await shop.link(openLink);
      const link = { payment_link_token: token, success_url: rest.success_url, cancel_url: rest.cancel_url };
      const bodies = [
        SESSION,
        { ...rest, amount_cents: 4999 },
        { ...link, amount_cents: 4999 },
        { ...link, amount: 49.99 },
      ];
      return bodies.map((body) => ({ path: '/checkout-sessions', body }));
    },
  },
  {
    method: 'post',
    template: '/payment-links',
    bases: async () =>
      [{ amount_cents: 5000 }, { amount: 50 }, { amount_editable: true }].map((price) => ({
        path: '/payment-links',
        body: { title: 'Studio deposit', currency: 'gbp', ...price },
      })),
  },
  {
    method: 'patch',
    template: '/payment-links/{id}',
    bases: async (shop) => {
      const links = [await shop.link(), await shop.link(openLink)];
      return links.map(({ token }) => ({ path: `/payment-links/${token}`, body: {} }));
    },
  },
  {
    method: 'post',
    template: '/payments/{id}/refunds',
    bases: async (shop) => [{ path: `/payments/${(await paidSession(shop)).id}/refunds`, body: {} }],
  },
  {
    method: 'post',
    template: '/webhook-endpoints',
    bases: async () => [{ path: '/webhook-endpoints', body: { url: PUBLIC_URL } }],
  },
  {
    method: 'patch',
    template: '/webhook-endpoints/{id}',
    bases: async (shop) => [{ path: `/webhook-endpoints/${(await addEndpointRow(shop)).id}`, body: {} }],
  },
  {
    method: 'post',
    template: '/webhook-endpoints/{id}/rotate-secret',
    bases: async (shop) => [{ path: `/webhook-endpoints/${(await addEndpointRow(shop)).id}/rotate-secret`, body: {} }],
  },
  {
    method: 'post',
    template: '/webhook-endpoints/{id}/replay',
    bases: async (shop) => {
      const since = new Date(Date.now() - 3_600_000).toISOString();
      return [{ path: `/webhook-endpoints/${(await addEndpointRow(shop)).id}/replay`, body: { since } }];
    },
  },
  {
    method: 'post',
    template: '/public-keys',
    bases: async () => [{ path: '/public-keys', body: { allowed_origins: ['https://shop.example'] } }],
  },
  {
    method: 'patch',
    template: '/public-keys/{id}',
    bases: async (shop) => {
      const { id } = await shop.issue({ kind: 'public', allowedOrigins: ['https://shop.example'] });
      return [{ path: `/public-keys/${id}`, body: {} }];
    },
  },
  { method: 'patch', template: '/profile', bases: async () => [{ path: '/profile', body: {} }] },
  {
    method: 'post',
    template: '/account/onboarding-links',
    beginsWithoutAccount: true,
    bases: async () =>
      [{ ...FIRST, start_over: true }, URLS].map((body) => ({ path: '/account/onboarding-links', body })),
  },
];

/** True where the Worker takes this body and the document does too, or neither does. */
async function isAgreed(shop: TestWorkspace, tried: Tried, { path, body }: Base, pointer: string): Promise<boolean> {
  const faults = await OPENAPI.faultsOf(pointer, body, 'open');
  const response = await call(shop.key, tried.method.toUpperCase(), path, body);
  await response.body?.cancel();
  return (faults.length === 0) === (response.status !== 400);
}

/** A member can be ignored beside others, or be wrong only beside them: it is enough if one base is agreed on. */
async function isAgreedOnce(bases: readonly Base[], agree: (base: Base) => Promise<boolean>): Promise<boolean> {
  for (const base of bases) if (await agree(base)) return true;
  return false;
}

/** The values to try for each member of a body, each once. */
function valuesByMember({ members }: ReturnType<typeof requestOf>): Map<string, unknown[]> {
  const values = Map.groupBy(
    members.flatMap(([name, { value }]) => valuesFor(value).map((tried) => ({ name, tried }))),
    ({ name }) => name,
  );
  const distinct = (tried: readonly unknown[]) => [
    ...new Map(tried.map((value) => [value === ABSENT ? '' : JSON.stringify(value), value])).values(),
  ];
  return new Map([...values].map(([name, found]) => [name, distinct(found.map(({ tried }) => tried))]));
}

/** Members of which the document and the Worker do not say the same, and why. */
const KNOWN = [
  // The document names the two values that mean something. The Worker reads every other value as "button".
  'kind',
  // Only the present value is taken, which no schema can tell.
  'PATCH /payment-links/{id} currency',
];

const MEMBERS = TRIED.flatMap((tried) =>
  [...valuesByMember(requestOf(tried.method, tried.template))].map(([member, values]) => {
    const name = `${tried.method.toUpperCase()} ${tried.template} ${member}`;
    return { name, tried, member, values };
  }),
).filter(({ name }) => !KNOWN.some((known) => name.endsWith(` ${known}`) || name === known));

describe('The bodies that the OpenAPI document describes', () => {
  let shop: TestWorkspace;
  beforeAll(async () => {
    shop = await newWorkspace({ scopes: ['service.payments.*', 'service.payments.keys.write'] });
  });

  it('are tried here for every operation whose body has members', () => {
    const operations = OPENAPI.members('', 'paths').flatMap(([path, item]) =>
      OPENAPI.members(item.pointer)
        .filter(([, { pointer }]) => OPENAPI.part(pointer, 'requestBody', 'content', 'application/json') !== null)
        .map(([method]) => ({ method, template: path.slice(API.length) }))
        .filter(({ method, template }) => requestOf(method, template).members.length > 0),
    );
    expect(TRIED.map(({ method, template }) => ({ method, template }))).toEqual(operations);
  });

  it.each(TRIED)('are taken as they stand: $method $template', async (tried) => {
    const { schema } = requestOf(tried.method, tried.template);
    for (const base of await tried.bases(shop)) {
      expect(await OPENAPI.faultsOf(schema.pointer, base.body, 'open')).toEqual([]);
      expect(await isAgreed(shop, tried, base, schema.pointer), JSON.stringify(base.body)).toBe(true);
    }
  });

  it.each(MEMBERS)(
    'are taken with the same values, and refused with the same: $name',
    async ({ tried, member, values }) => {
      const { schema } = requestOf(tried.method, tried.template);
      const bases = await tried.bases(shop);
      const disputed: unknown[] = [];
      for (const value of values) {
        const agree = ({ path, body }: Base) =>
          isAgreed(shop, tried, { path, body: withMember(body, member, value) }, schema.pointer);
        if (!(await isAgreedOnce(bases, agree))) disputed.push(value);
      }
      expect(disputed).toEqual([]);
    },
  );

  it.each(TRIED)('succeed with its examples: $method $template', async (tried) => {
    const own = await newWorkspace({
      scopes: ['service.payments.*', 'service.payments.keys.write'],
      account: tried.beginsWithoutAccount ? 'none' : 'ready',
    });
    const { token } = await own.link();
    const { examples } = requestOf(tried.method, tried.template);
    for (const example of examples) {
      const [base] = await tried.bases(own);
      const body = 'payment_link_token' in example ? { ...example, payment_link_token: token } : example;
      const response = await call(own.key, tried.method.toUpperCase(), base?.path ?? '', body);
      expect(response.ok, `${JSON.stringify(body)}: ${await response.text()}`).toBe(true);
    }
  });
});
