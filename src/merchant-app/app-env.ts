import type { Context } from 'hono';
import type { Database } from '../db/client.ts';
import type { Bindings, Config } from './env.ts';
import type { Language } from './language.ts';
import type { SendMail } from './mail.ts';
import type { Auth } from './sign-in/auth.ts';

/** The sources of some directives of a page's policy, in place of those that all pages have. */
export type PolicyChanges = Readonly<Record<string, string>>;

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
    /** What the policy of this page allows beyond that of all pages. */
    policy: PolicyChanges | undefined;
  };
}

export type AppContext = Context<AppEnv>;
