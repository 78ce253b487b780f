import type { Context } from 'hono';
import type { JsonObject } from '../core/json.ts';
import type { ApiKey, EmbedAuthority } from '../db/api-keys.ts';
import type { Context as DomainContext } from '../domain/context.ts';
import type { Bindings, Config } from '../env.ts';
import type { Operation } from '../objects/idempotency-store.ts';

/** What middleware leaves for the handlers of every door. */
export interface AppEnv {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    config: Config;
  };
}

/** What any door may read of its request. */
export type AppContext = Pick<Context<AppEnv>, 'req' | 'env' | 'var'>;

/** A request of a merchant's page, behind its public key. */
export interface EmbedEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** The page's, as its browser told it. */
    origin: string;
    embed: EmbedAuthority;
  };
}

/** A request behind the secret key. */
export interface ApiEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    key: ApiKey;
    /** What the use cases of this request take. */
    context: DomainContext;
    /** The `Idempotency-Key` and the body that it is for; null without a key. */
    idempotency: { readonly key: string; readonly body: JsonObject } | null | undefined;
    /** True once the gate has counted the request. */
    isAdmitted: true | undefined;
    operation: Operation;
    /** The gate's name for this request's idempotency key, null without one. */
    idempotencyScope: string | null;
  };
}
