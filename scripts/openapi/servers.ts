import { readFileSync, writeFileSync } from 'node:fs';
import type { Json } from './schema.ts';

/** The address at which this API is published. */
const PUBLISHED = 'https://app.softsolz.uk';

const SERVERS = [
  { url: PUBLISHED, description: 'The published API' },
  { url: 'http://localhost:8787', description: 'A copy on this machine: npm start' },
];

/**
 * The servers of the document. `publicUrl`: the address of a deployment, which then comes first. Without it, the
 * published address is first.
 */
export function servers(publicUrl: string | null): Json[] {
  if (publicUrl === null) return SERVERS;
  const own = publicUrl.replace(/\/+$/, '');
  const others = SERVERS.filter(({ url }) => url !== own);
  return [SERVERS.find(({ url }) => url === own) ?? { url: own, description: 'This server' }, ...others];
}

/**
 * Runs `deploy` while the document in `file` names `publicUrl` as its first server. Afterwards the file is as before,
 * also if `deploy` throws. Returns what `deploy` returns.
 *
 * @example await whileFirstServerIs(publicUrl, 'public/openapi.json', () => spawnSync('wrangler', ['deploy']))
 */
export async function whileFirstServerIs<Result>(
  publicUrl: string,
  file: string,
  deploy: () => Result | Promise<Result>,
): Promise<Result> {
  const before = readFileSync(file, 'utf8');
  const document: Json = JSON.parse(before);
  writeFileSync(file, documentText({ ...document, servers: servers(publicUrl) }));
  try {
    return await deploy();
  } finally {
    writeFileSync(file, before);
  }
}

/** The text of the document, as it is served. */
export function documentText(document: Json): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
