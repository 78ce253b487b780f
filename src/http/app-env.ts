import type { Context } from 'hono';
import type { ApiError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Authority } from '../db/api-keys.ts';
import type { EmbedAuthority } from '../db/public-keys.ts';
import type { Context as WorkspaceContext } from '../domain/context.ts';
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
    shard: string;
    authority: Authority;
    /** What use cases take: of the key's workspace, with the key as its actor. */
    context: WorkspaceContext;
    /** The first reason to refuse the request, held until the gate has counted it. */
    refusal: ApiError | undefined;
    idempotencyKey: string | null;
    /** The parsed JSON body, for the fingerprint. */
    jsonBody: JsonObject | null;
    operation: Operation;
    /** The gate's name for this request's idempotency key, null without one. */
    idempotencyScope: string | null;
  };
}
