import { Hono } from 'hono';

/** The yardstick: the same framework, one read of the local database, nothing else. */
const app = new Hono<{ Bindings: { DB: D1Database } }>();

app.get('/items/:id', async (c) => {
  const item = await c.env.DB.prepare('SELECT id, name FROM items WHERE id = ?').bind(c.req.param('id')).first();
  return item ? c.json({ data: item }) : c.json({ error: { code: 'not_found' } }, 404);
});

export default app;
