import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApiDocument, ROUTES } from '../../../scripts/openapi/document.ts';
import { app } from '../../../src/app.ts';
import { EVENT_TYPES } from '../../../src/domain/webhooks/event-types.ts';

const BASE = '/api/v1/services/payments';

/** `METHOD /path/{id}` of every route that the Worker serves under the API's base path. */
function servedRoutes(): string[] {
  const served = app.routes
    .filter((route) => route.path.startsWith(`${BASE}/`) && route.method !== 'ALL')
    .map(
      (route) =>
        `${route.method} ${route.path
          .slice(BASE.length)
          .replace(/:(\w+)/g, '{$1}')
          .replace(/\/$/, '')}`,
    );
  return [...new Set(served)].sort();
}

interface Found {
  readonly name: string;
  readonly types: readonly unknown[];
  readonly schema: unknown;
}

/** The schemas of all members and parameters below a part of the document, with their names. */
function schemasOf(part: unknown): Found[] {
  if (Array.isArray(part)) return part.flatMap(schemasOf);
  if (typeof part !== 'object' || part === null) return [];
  const inside = Object.values(part).flatMap(schemasOf);
  if ('name' in part && 'schema' in part) return [foundOf(String(part.name), part.schema), ...inside];
  const members = 'properties' in part ? Object.entries(Object(part.properties)) : [];
  return [...members.map(([name, schema]) => foundOf(name, schema)), ...inside];
}

function foundOf(name: string, schema: unknown): Found {
  const { type, anyOf } = Object(schema);
  return { name, schema, types: [type, ...(anyOf ?? []).map((one: unknown) => Object(one).type)] };
}

describe('the OpenAPI document', () => {
  it('has every route that the Worker serves, and no other', () => {
    const described = ROUTES.map((route) => `${route.method.toUpperCase()} ${route.path}`).sort();
    expect(described.length).toBeGreaterThan(0);
    expect(servedRoutes()).toEqual(described);
  });

  it('is committed as it is built: npm run openapi after a change', () => {
    const committed = JSON.parse(readFileSync(join(import.meta.dirname, '../../../public/openapi.json'), 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('has the same event types in answers as in requests, so that what was read can be sent', () => {
    const found = schemasOf(JSON.parse(JSON.stringify(openApiDocument())));
    const endpointEvents = found.filter(({ name, types }) => name === 'events' && types.flat().includes('array'));
    expect(endpointEvents.length).toBeGreaterThan(2);
    for (const { schema } of endpointEvents) expect(Object(schema).items.enum).toEqual(['*', ...EVENT_TYPES]);
    const [ofDelivery] = found.filter(({ name }) => name === 'event_type');
    expect(Object(ofDelivery?.schema).enum).toEqual([...EVENT_TYPES, null]);
  });

  it('asks for one scope of a route, not for all of them', () => {
    const { paths } = JSON.parse(JSON.stringify(openApiDocument()));
    expect(paths[`${BASE}/checkout-sessions/{id}`].get.security).toEqual([
      { secretKey: ['service.payments.checkout.read'] },
      { secretKey: ['service.payments.checkout.create'] },
    ]);
  });

  it('offers an Idempotency-Key with POST and PATCH alone: PUT and DELETE can be repeated without one', () => {
    const { paths } = JSON.parse(JSON.stringify(openApiDocument()));
    const offering = new Set<string>();
    for (const [method, { parameters, responses }] of Object.values<object>(paths).flatMap(Object.entries)) {
      const success = Object.keys(responses).find((status) => status.startsWith('2')) ?? '';
      const said = JSON.stringify([parameters, responses[success]]);
      if (/IdempotencyKey|Idempotent-Replayed/.test(said)) offering.add(method);
    }
    expect([...offering].sort()).toEqual(['patch', 'post']);
  });

  it('says of every row id, in paths, queries, answers and events, that it needs 64 bits', () => {
    const found = schemasOf(JSON.parse(JSON.stringify(openApiDocument())));
    const rowIds = found.filter(({ name, types }) => /^(id|\w+_id)$/.test(name) && types.includes('integer'));
    expect(rowIds.length).toBeGreaterThan(15);
    for (const { name, schema } of rowIds) expect(JSON.stringify(schema), name).toContain('"format":"int64"');
  });

  it('resolves every reference that it makes', () => {
    const document = JSON.parse(JSON.stringify(openApiDocument()));
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(0);
    for (const path of references) {
      const target = path.split('/').reduce((node, name) => node?.[name], document);
      expect(target, path).toBeDefined();
    }
  });
});
