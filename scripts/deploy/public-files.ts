import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const documentSchema = z.looseObject({ servers: z.array(z.looseObject({ url: z.string() })) });

/** The OpenAPI document with `publicUrl` as its first server, so that a client made from it calls this deployment. */
export function withServer(document: string, publicUrl: string): string {
  const parsed = documentSchema.parse(JSON.parse(document));
  const url = publicUrl.replace(/\/+$/, '');
  const own = parsed.servers.find((server) => server.url === url) ?? { url };
  const others = parsed.servers.filter((server) => server !== own);
  return `${JSON.stringify({ ...parsed, servers: [own, ...others] }, null, 2)}\n`;
}

/** Copies the static files to a new directory, with `publicUrl` in the OpenAPI document. Returns its path; delete it later. */
export function copyPublicFiles(from: string, publicUrl: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'softsolz-public-'));
  cpSync(from, directory, { recursive: true });
  const file = join(directory, 'openapi.json');
  writeFileSync(file, withServer(readFileSync(file, 'utf8'), publicUrl));
  return directory;
}
