import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../scripts/openapi/document.ts';

let worker: string;

/** The Worker as wrangler bundles it. */
beforeAll(async () => {
  const { outputFiles } = await build({
    absWorkingDir: join(import.meta.dirname, '../../..'),
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    minifySyntax: true,
    treeShaking: true,
    // As they are written, so that a description is found.
    charset: 'utf8',
  });
  worker = outputFiles[0]?.text ?? '';
}, 60_000);

describe('the bundle of the Worker', () => {
  const document = JSON.stringify(openApiDocument());

  it.each([
    ['a checkout session', 'redirect the buyer here. It is there while the session is open, then null.'],
    ['a payment', 'Also the id of its checkout session, and the payment_id of webhooks.'],
    ['a payment link', 'The token: lnk_…'],
    ['a delivery', 'The latest 20, oldest first.'],
    ['a webhook endpoint', 'Why it takes no events; null while it does.'],
    ['a public key', 'The whole key, shown this once.'],
  ])('leaves out the schema that describes %s in answers', (_, description) => {
    expect(document).toContain(description);
    expect(worker.includes(description)).toBe(false);
  });

  it('leaves out the schemas of events', () => {
    expect(document).toContain('DisputeOpenedData');
    expect(worker.includes('DisputeOpenedData')).toBe(false);
  });

  it('has the schemas of requests, which it validates with', () => {
    const description = "Pre-fills the buyer's e-mail.";
    expect(document).toContain(description);
    expect(worker.includes(description)).toBe(true);
  });
});
