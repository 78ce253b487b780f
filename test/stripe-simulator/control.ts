import { Hono } from 'hono';
import * as z from 'zod';
import { applyTime } from './apply-time.ts';
import { conditionsSchema } from './conditions.ts';
import { accountControl } from './control-accounts.ts';
import { paymentControl } from './control-payments.ts';
import { ControlRefusal, controlBody } from './control-refusal.ts';
import { faultsSchema } from './faults.ts';
import type { Simulation } from './simulation.ts';

const clockSchema = z.strictObject({ advance_seconds: z.number() });

/** `/_control`: lets a test or a person change the simulated state. JSON in and out. */
export function createControl(simulation: Simulation): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof ControlRefusal) return c.json({ error: error.message }, error.status);
    throw error;
  });
  app.route('/', paymentControl(simulation));
  app.route('/', accountControl(simulation));
  app.post('/faults', async (c) => {
    const { account, mentions, ...faults } = await controlBody(c, faultsSchema);
    simulation.faults.replace({ account, mentions }, faults);
    return c.json({ account: account ?? null, mentions: mentions ?? null, ...faults });
  });
  app.post('/conditions', async (c) => {
    const { account, mentions, ...conditions } = await controlBody(c, conditionsSchema);
    simulation.conditions.replace({ account, mentions }, conditions);
    return c.json({ account: account ?? null, mentions: mentions ?? null, ...conditions });
  });
  app.get('/requests', (c) => c.json({ data: simulation.requests.list(c.req.query('account')) }));
  app.get('/outbox', async (c) => c.json({ data: await simulation.delivery.drain(c.req.query('account')) }));
  app.post('/clock', async (c) => {
    simulation.state.clockOffsetMs += (await controlBody(c, clockSchema)).advance_seconds * 1000;
    applyTime(simulation);
    simulation.changed();
    return c.json({
      now: new Date(simulation.now()).toISOString(),
      offset_seconds: simulation.state.clockOffsetMs / 1000,
    });
  });
  app.post('/reset', (c) => {
    forgetAllButAccounts(simulation);
    return c.json({ reset: true });
  });
  return app;
}

function forgetAllButAccounts(simulation: Simulation): void {
  const { state } = simulation;
  for (const [name, table] of Object.entries(state)) if (table instanceof Map && name !== 'accounts') table.clear();
  state.clockOffsetMs = 0;
  simulation.faults.clear();
  simulation.conditions.clear();
  simulation.requests.clear();
  simulation.delivery.forget();
  simulation.changed();
}
