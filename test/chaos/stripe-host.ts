import * as z from 'zod';
import { startSimulatorServer } from '../stripe-simulator/server.ts';
import { hostInput, sayReady } from './hosts.ts';

// Stripe and its ledger, in a process that no run kills: what it holds is what really happened.

const endpoint = z.object({ url: z.string(), secret: z.string() });
const inputSchema = z.object({
  port: z.int(),
  stateFile: z.string(),
  eventEndpoints: z.object({ test: endpoint, live: endpoint }),
});

const server = await startSimulatorServer(inputSchema.parse(await hostInput()));
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
sayReady();
