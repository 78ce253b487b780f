import { Hono } from 'hono';
import * as z from 'zod';

const KEPT_PER_NAME = 1000;

const scriptSchema = z.strictObject({
  status: z.int().min(200).max(599).default(200),
  delay_ms: z.int().min(0).max(120_000).default(0),
  retry_after: z.union([z.int(), z.string()]).optional(),
  location: z.string().optional(),
  times: z.int().min(1).optional(),
});

type Script = z.output<typeof scriptSchema>;

const DEFAULT_SCRIPT: Script = scriptSchema.parse({});

interface ReceivedRequest {
  at: string;
  method: string;
  headers: Record<string, string>;
  body: string;
  status: number;
}

/** One named endpoint: what it has received and how it answers. */
class SinkEndpoint {
  log: ReceivedRequest[] = [];
  script: Script = DEFAULT_SCRIPT;
  inFlight = 0;
  maxInFlight = 0;

  nextAnswer(): Script {
    const script = this.script;
    if (script.times === undefined) return script;
    this.script = script.times > 1 ? { ...script, times: script.times - 1 } : DEFAULT_SCRIPT;
    return script;
  }

  record(received: ReceivedRequest): void {
    this.log.push(received);
    if (this.log.length > KEPT_PER_NAME) this.log.shift();
  }
}

/** Merchants' webhook endpoints. They record what they receive, and answer as `PUT` has set. In memory only. */
export function createSink(): Hono {
  const app = new Hono();
  const endpoints = new Map<string, SinkEndpoint>();
  const endpointOf = (name: string) => {
    const endpoint = endpoints.get(name) ?? new SinkEndpoint();
    endpoints.set(name, endpoint);
    return endpoint;
  };
  app.get('/sink/:name/log', (c) => {
    const endpoint = endpointOf(c.req.param('name'));
    return c.json({ data: endpoint.log, meta: { max_in_flight: endpoint.maxInFlight } });
  });
  app.delete('/sink/:name/log', (c) => {
    const endpoint = endpointOf(c.req.param('name'));
    endpoint.log = [];
    endpoint.maxInFlight = endpoint.inFlight;
    return c.json({ data: [] });
  });
  app.put('/sink/:name', async (c) => {
    const script = scriptSchema.safeParse(await c.req.json().catch(() => null));
    if (!script.success) return c.json({ error: z.prettifyError(script.error) }, 400);
    endpointOf(c.req.param('name')).script = script.data;
    return c.json(script.data);
  });
  app.get('/sink/:name', (c) => {
    const endpoint = endpointOf(c.req.param('name'));
    return c.json({ received: endpoint.log.length, script: endpoint.script });
  });
  app.all('/sink/:name', (c) => receive(endpointOf(c.req.param('name')), c.req.raw));
  return app;
}

async function receive(endpoint: SinkEndpoint, request: Request): Promise<Response> {
  const at = new Date().toISOString();
  endpoint.inFlight += 1;
  endpoint.maxInFlight = Math.max(endpoint.maxInFlight, endpoint.inFlight);
  try {
    const body = await request.text();
    const script = endpoint.nextAnswer();
    endpoint.record({
      at,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body,
      status: script.status,
    });
    if (script.delay_ms > 0) await new Promise((resolve) => setTimeout(resolve, script.delay_ms));
    return answer(script);
  } finally {
    endpoint.inFlight -= 1;
  }
}

function answer(script: Script): Response {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (script.retry_after !== undefined) headers.set('retry-after', String(script.retry_after));
  if (script.location !== undefined) headers.set('location', script.location);
  const bodyless = script.status === 204 || script.status === 205 || script.status === 304;
  const body = JSON.stringify({ received: script.status < 300 });
  return new Response(bodyless ? null : body, { status: script.status, headers });
}
