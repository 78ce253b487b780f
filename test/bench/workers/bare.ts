import { Hono } from 'hono';

interface Bindings {
  readonly DB: D1Database;
  readonly STRIPE_API_BASE: string;
  readonly STRIPE_SECRET_KEY_TEST: string;
}

/** The handlers that the Worker's times are compared with: the same framework, and each handler does one thing. */
const app = new Hono<{ Bindings: Bindings }>();

/** One read of one row. */
app.get('/items/:id', async (c) => {
  const item = await c.env.DB.prepare('SELECT id, name FROM items WHERE id = ?').bind(c.req.param('id')).first();
  return item ? c.json({ data: item }) : c.json({ error: { code: 'not_found' } }, 404);
});

/** One read of a page of rows. */
app.get('/links', async (c) => {
  const { results } = await c.env.DB.prepare('SELECT * FROM links ORDER BY created_at DESC LIMIT 20').all();
  return c.json({ data: results });
});

/** One call to Stripe, with the body and the `Stripe-Account` of the request. */
app.post('/sessions', async (c) => {
  const response = await fetch(`${c.env.STRIPE_API_BASE}/v1/checkout/sessions`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${c.env.STRIPE_SECRET_KEY_TEST}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Stripe-Account': c.req.header('Stripe-Account') ?? '',
    },
    body: await c.req.text(),
  });
  const { id, url } = await response.json<{ id?: string; url?: string }>();
  return c.json({ data: { id, url } }, response.ok ? 201 : 502);
});

const IN_FLIGHT = 6;

/** Deliveries are compared with this: `count` requests to these URLs in turn, six at a time, and nothing else. */
app.post('/loop', async (c) => {
  const { urls, count } = await c.req.json<{ urls: string[]; count: number }>();
  const body = JSON.stringify({ data: 'x'.repeat(400) });
  let next = 0;
  const sendInTurn = async () => {
    for (let index = next++; index < count; index = next++) {
      const response = await fetch(urls[index % urls.length] ?? '', { method: 'POST', body });
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendInTurn));
  return c.json({ count });
});

export default app;
