import { openDatabase } from '../db/client.ts';
import { pruneSignIns } from '../domain/sign-in/prune.ts';
import { merchantApp } from './app.ts';
import type { Bindings } from './env.ts';
import { cloudflareMailer } from './mail.ts';

export default {
  fetch: merchantApp(cloudflareMailer).fetch,

  async scheduled(_controller, env) {
    await pruneSignIns(openDatabase(env.DB), Date.now());
  },
} satisfies ExportedHandler<Bindings>;
