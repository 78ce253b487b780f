import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { documentText, servers, whileFirstServerIs } from '../../../scripts/openapi/servers.ts';

const PUBLISHED = 'https://app.softsolz.uk';
const LOCAL = 'http://localhost:8787';
const urlsOf = (publicUrl: string | null) => servers(publicUrl).map(({ url }) => url);

describe('The servers of the OpenAPI document', () => {
  it('are the published host and a copy on this machine', () => {
    expect(urlsOf(null)).toEqual([PUBLISHED, LOCAL]);
  });

  it.each([
    ['https://pay.example.com', ['https://pay.example.com', PUBLISHED, LOCAL]],
    ['https://pay.example.com/', ['https://pay.example.com', PUBLISHED, LOCAL]],
    [PUBLISHED, [PUBLISHED, LOCAL]],
  ])('begin with the PUBLIC_URL %s of a deployment, and name no host twice', (publicUrl, expected) => {
    expect(urlsOf(publicUrl)).toEqual(expected);
  });
});

describe('While a deployment runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  const file = join(folder, 'openapi.json');
  const before = documentText({ openapi: '3.1.1', servers: servers(null) });
  const firstServer = () => {
    const document = z.looseObject({ servers: z.array(z.looseObject({ url: z.string() })) });
    return document.parse(JSON.parse(readFileSync(file, 'utf8'))).servers[0]?.url;
  };

  beforeEach(() => writeFileSync(file, before));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['at once', firstServer],
    ['in time', async () => await Promise.resolve().then(firstServer)],
  ])('and ends %s, the document names PUBLIC_URL first, and afterwards is as before', async (_, deploy) => {
    expect(await whileFirstServerIs('https://pay.example.com', file, deploy)).toBe('https://pay.example.com');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('and fails, the document is as before', async () => {
    const fail = () => {
      throw new Error('wrangler failed');
    };
    await expect(whileFirstServerIs('https://pay.example.com', file, fail)).rejects.toThrow('wrangler failed');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
