// Runs beside the Worker on the same database. GET /rows: the rows that a run is judged by. POST /cron: runs the Worker's cron.

const QUERIES = {
  payments:
    'SELECT id, stripe_session_id AS stripeSessionId, status, amount_minor AS amountMinor, currency FROM payments',
  refunds: 'SELECT stripe_refund_id AS stripeRefundId, status, amount_minor AS amountMinor FROM refunds',
  events: 'SELECT body FROM events',
  deliveries: 'SELECT id, status FROM deliveries',
};

export default {
  async fetch(request, env) {
    if (request.method === 'POST') {
      await env.WORKER.scheduled({ cron: '* * * * *', scheduledTime: new Date() });
      return new Response('done');
    }
    const names = Object.keys(QUERIES);
    const results = await env.DB.batch(names.map((name) => env.DB.prepare(QUERIES[name])));
    return Response.json(Object.fromEntries(names.map((name, index) => [name, results[index].results])));
  },
};
