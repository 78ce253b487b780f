import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import * as z from 'zod';

// Gives the merchant app a port. wrangler runs both Workers in one runtime, on one state, but only its first Worker gets a
// port: this passes requests on to the second, which it finds through wrangler's registry. A process of its own, because
// Miniflare takes over signals.

const input = z
  .object({ port: z.int(), registry: z.string(), worker: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''));

const options = await convertV4MiniflareOptions({
  name: 'merchant-app-port',
  modules: true,
  script: 'export default { fetch: (request, env) => env.APP.fetch(request) }',
  compatibilityDate: '2026-10-01',
  host: 'localhost',
  port: input.port,
  cf: false,
  unsafeDevRegistryPath: input.registry,
  serviceBindings: { APP: input.worker },
});
await new Miniflare(options).ready;
