import { validate } from '@hyperjump/json-schema/openapi-3-1';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '../../../scripts/openapi/document.ts';
import { OPENAPI_3_1, OpenApiDocument, type Part } from '../../support/openapi-document.ts';

const TEXT = JSON.stringify(openApiDocument());
const DOCUMENT = new OpenApiDocument(TEXT, 'https://openapi.unit.test');

const described = z.looseObject({
  operationId: z.string(),
  summary: z.string().min(1),
  description: z.string().min(1),
  tags: z.tuple([z.string()]),
});
const named = z.looseObject({ name: z.string(), description: z.string().min(1) });
const tags = z.array(named).parse(z.looseObject({ tags: z.unknown() }).parse(JSON.parse(TEXT)).tags);

interface Operation {
  readonly name: string;
  readonly part: Part;
}

function operationsOf(kind: 'paths' | 'webhooks'): Operation[] {
  return DOCUMENT.members('', kind).flatMap(([path, item]) =>
    DOCUMENT.members(item.pointer).map(([method, part]) => ({ name: `${method} ${path}`, part })),
  );
}

const ROUTES = operationsOf('paths');
const WEBHOOKS = operationsOf('webhooks');
const ALL = [...ROUTES, ...WEBHOOKS];

/** Every body with a schema: of requests, answers and webhooks. */
const BODIES = ALL.flatMap(({ name, part }) => [
  ...contentOf(`${name}: request`, DOCUMENT.part(part.pointer, 'requestBody')),
  ...DOCUMENT.members(part.pointer, 'responses').flatMap(([status, response]) =>
    contentOf(`${name}: ${status}`, response),
  ),
]);

function contentOf(name: string, owner: Part | null): { name: string; schema: Part; examples: [string, Part][] }[] {
  const content = owner && DOCUMENT.part(owner.pointer, 'content', 'application/json');
  const schema = content && DOCUMENT.part(content.pointer, 'schema');
  return content && schema ? [{ name, schema, examples: DOCUMENT.members(content.pointer, 'examples') }] : [];
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, all of its schemas included', async () => {
    const isValid = await validate(OPENAPI_3_1);
    expect(isValid(JSON.parse(TEXT), 'BASIC')).toEqual({ valid: true });
  });

  it('names the published host first, then a copy on this machine', () => {
    const servers = DOCUMENT.members('', 'servers').map(([, { value }]) =>
      z.looseObject({ url: z.string() }).parse(value),
    );
    expect(servers.map(({ url }) => url)).toEqual(['https://app.softsolz.uk', 'http://localhost:8787']);
  });

  it('names, describes and groups every operation and webhook', () => {
    const operations = ALL.map(({ part }) => described.parse(part.value));
    expect(operations.length).toBeGreaterThan(30);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const used = new Set(operations.map(({ tags: [tag] }) => tag));
    expect([...used].toSorted()).toEqual(tags.map(({ name }) => name).toSorted());
  });

  it('describes every parameter, and shows a value that its schema takes', async () => {
    const parameters = ALL.flatMap(({ part }) =>
      DOCUMENT.members(part.pointer, 'parameters').map(([, found]) => found),
    );
    expect(parameters.length).toBeGreaterThan(50);
    for (const { pointer, value } of parameters) {
      const { name, example } = named.parse(value);
      if (example === undefined) continue;
      expect(await DOCUMENT.faultsOf(`${pointer}/schema`, example, 'open'), name).toEqual([]);
    }
  });

  it('shows bodies with examples that their schemas take, unknown members refused', async () => {
    for (const { name, schema, examples } of BODIES) {
      for (const [title, { value }] of examples) {
        const example = z.looseObject({ summary: z.string().min(1), value: z.unknown() }).parse(value);
        expect(await DOCUMENT.faultsOf(schema.pointer, example.value, 'closed'), `${name}, ${title}`).toEqual([]);
      }
    }
  });

  it('has an example of every answer with a body and of every webhook', () => {
    const without = BODIES.filter(({ examples, name }) => examples.length === 0 && !name.endsWith('request'));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('describes every member of every body', () => {
    const undescribed = DOCUMENT.members('/components/schemas').flatMap(([schema, { pointer }]) =>
      DOCUMENT.members(pointer, 'properties')
        .filter(([, { value }]) => !z.looseObject({ description: z.string() }).safeParse(value).success)
        .map(([member]) => `${schema}.${member}`),
    );
    expect(undescribed).toEqual([]);
  });

  it('says which headers every answer has', () => {
    for (const { name, part } of ROUTES) {
      for (const [status, response] of DOCUMENT.members(part.pointer, 'responses')) {
        const headers = DOCUMENT.members(response.pointer, 'headers').map(([header]) => header);
        expect(headers, `${name}: ${status}`).toContain('Softsolz-Request-Id');
      }
    }
  });

  it('has no name that shadows a global of JavaScript', () => {
    const names = DOCUMENT.members('/components/schemas').map(([name]) => name);
    expect(names.filter((name) => name in globalThis)).toEqual([]);
  });

  it('leaves objects open, and has no bound that only JavaScript needs', () => {
    expect(TEXT).not.toContain('"additionalProperties":false');
    expect(TEXT).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  it('writes "or null" as a type, where the type has a name', () => {
    expect(TEXT).not.toMatch(/"anyOf":\[\{"type":"[a-z]+"[^[\]]*\},\{"type":"null"\}\]/);
  });
});
