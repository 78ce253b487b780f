import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { ApiError } from '../../src/core/errors.ts';
import type { StripeAccount } from '../../src/stripe/gateway.ts';
import { openLocalDatabases } from '../local/open-database.ts';
import { describeFailure } from '../local/script-error.ts';
import { writeLocalAppConfig } from './merchant-app/write-config.ts';
import { prepareDemo } from './prepare-demo.ts';

// This runs as its own process: wrangler's library takes over signals, and the process that started it must react to Ctrl-C.
// Its input is not an argument: there are secrets in it, and arguments are in the list of processes.

const inputSchema = z.object({
  stateDir: z.string(),
  app: z.object({ appUrl: z.string(), firstToken: z.string() }),
  variables: z
    .object({ SECRETS_KEY: z.string(), STRIPE_WEBHOOK_SECRET_TEST: z.string(), STRIPE_WEBHOOK_SECRET_LIVE: z.string() })
    .catchall(z.string()),
  urls: z.object({ baseUrl: z.string(), sinkUrl: z.string(), shopUrl: z.string() }),
  ownAccount: z
    .custom<StripeAccount>((value) => typeof value === 'object' && value !== null && 'id' in value)
    .nullable(),
});

try {
  const input = inputSchema.parse(JSON.parse(await text(process.stdin)));
  const opened = await openLocalDatabases(input.stateDir);
  await prepareDemo(opened, input).finally(opened.close);
  writeLocalAppConfig(input.stateDir, input.app, input.variables);
} catch (error) {
  console.error(error instanceof ApiError ? error.message : describeFailure(error));
  process.exitCode = 1;
}
