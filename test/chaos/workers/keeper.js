// Runs beside the Worker on the same databases. GET /rows: the rows that a run is judged by. POST /cron: runs the Worker's cron.

const QUERIES = {
  payments:
    'SELECT workspace_id AS workspaceId, id, stripe_session_id AS stripeSessionId, status, amount_minor AS amountMinor, currency FROM payments',
  refunds: 'SELECT stripe_refund_id AS stripeRefundId, status, amount_minor AS amountMinor FROM refunds',
  events: 'SELECT workspace_id AS workspaceId, body FROM events',
  deliveries: 'SELECT id, status FROM deliveries',
};
const NAMES = Object.keys(QUERIES);

/** The rows of one database, and which workspaces have any there. */
async function readRows(env, database) {
  const owners = env.OWNED_TABLES.map((table) => `SELECT DISTINCT workspace_id AS id FROM ${table}`);
  const queries = [...NAMES.map((name) => QUERIES[name]), ...owners];
  const results = await env[database].batch(queries.map((query) => env[database].prepare(query)));
  const found = results.map((result) => result.results);
  const ids = new Set(found.slice(NAMES.length).flatMap((rows) => rows.map(({ id }) => id)));
  const places = [...ids].map((workspaceId) => ({ workspaceId, database }));
  return { ...Object.fromEntries(NAMES.map((name, index) => [name, found[index]])), places };
}

export default {
  async fetch(request, env) {
    if (request.method === 'POST') {
      await env.WORKER.scheduled({ cron: '* * * * *', scheduledTime: new Date() });
      return new Response('done');
    }
    const read = await Promise.all(env.DATABASES.map((database) => readRows(env, database)));
    const joined = [...NAMES, 'places'].map((name) => [name, read.flatMap((rows) => rows[name])]);
    return Response.json(Object.fromEntries(joined));
  },
};
