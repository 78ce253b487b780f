import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApiDocument, ROUTES } from '../../../scripts/openapi/document.ts';
import { app } from '../../../src/app.ts';

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
