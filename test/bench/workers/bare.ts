import { Hono } from 'hono';

/** The yardstick: the same framework, one read of the local database, nothing else. */
const app = new Hono<{ Bindings: { DB: D1Database } }>();

app.get('/items/:id', async (c) => {
  const item = await c.env.DB.prepare('SELECT id, name FROM items WHERE id = ?').bind(c.req.param('id')).first();
  return item ? c.json({ data: item }) : c.json({ error: { code: 'not_found' } }, 404);
});

const IN_FLIGHT = 6;

/** The yardstick of deliveries: that many requests to these URLs in turn, six at a time, and nothing else. */
app.post('/loop', async (c) => {
  const { urls, count } = await c.req.json<{ urls: string[]; count: number }>();
  const body = JSON.stringify({ data: 'x'.repeat(400) });
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) {
      const response = await fetch(urls[index % urls.length] ?? '', { method: 'POST', body });
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return c.json({ count });
});

export default app;
