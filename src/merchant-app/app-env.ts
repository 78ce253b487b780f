import type { Context } from 'hono';
import type { Database } from '../db/client.ts';
import type { Auth } from './auth.ts';
import type { Bindings, Config } from './env.ts';
import type { Language } from './language.ts';
import type { SendMail } from './mail.ts';

/** What every route finds in its Hono context. */
export interface AppEnv {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    /** The language that the browser asks for. */
    language: Language;
    config: Config;
    auth: Auth;
    send: SendMail;
    /** The database of the first shard. */
    directory: Database;
  };
}

export type AppContext = Context<AppEnv>;
