import type { Context } from 'hono';
import type { JsonObject } from '../core/json.ts';
import type { ApiKey, EmbedAuthority } from '../db/api-keys.ts';
import type { Context as DomainContext } from '../domain/context.ts';
import type { Bindings, Config } from '../env.ts';
import type { Operation } from '../objects/idempotency-store.ts';

/** What every route finds in its context: the bindings, and what the first middleware sets. */
export interface AppEnv {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    config: Config;
  };
}

/** The part of a request's context that every function may read. */
export type AppContext = Pick<Context<AppEnv>, 'req' | 'env' | 'var'>;

/** The context of a request that a merchant's page sends with its public key. */
export interface EmbedEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** The origin of the page, from the `Origin` header of its browser. */
    origin: string;
    /** The public key with its workspace and the link that the request names. */
    embed: EmbedAuthority;
  };
}

/** The context of a request with a secret key. */
export interface ApiEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    key: ApiKey;
    /** The context of the use cases. */
    context: DomainContext;
    /** The `Idempotency-Key` and the body of the request. null: it has no key. */
    idempotency: { readonly key: string; readonly body: JsonObject } | null | undefined;
    /** True once the gate has counted the request. */
    isAdmitted: true | undefined;
    operation: Operation;
    /** The name under which the gate keeps the idempotency key. null: the request has none. */
    idempotencyName: string | null;
  };
}
