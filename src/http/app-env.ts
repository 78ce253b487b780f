import type { Context } from 'hono';
import type { JsonObject } from '../core/json.ts';
import type { ApiKey, EmbedAuthority } from '../db/api-keys.ts';
import type { Context as DomainContext, PlatformContext } from '../domain/context.ts';
import type { Bindings, Config } from '../env.ts';
import type { HeldKey, Operation } from '../objects/idempotency-store.ts';
import type { Admission } from '../objects/workspace-gate.ts';

/** What the log line of a request says of its caller and its result. A route sets what it gets to know. */
export interface RequestNotes {
  /** The id of the workspace that the request is about. */
  workspace?: string;
  /** The id of the API key that the request was sent with: never the key itself. */
  key?: string;
  /** The error code of the answer, or on a page of a buyer the reason that it gives. */
  code?: string;
}

/** What every route finds in its Hono context: the bindings, and what the first middleware of the app sets. */
export interface AppEnv {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    notes: RequestNotes;
    config: Config;
  };
}

/** The parts of a route's Hono context that are the same for all routes: request, bindings and variables. */
export type AppContext = Pick<Context<AppEnv>, 'req' | 'env' | 'var'>;

/** The Hono context of a request with the operators' token. */
export interface OperatorEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** The context for the use cases that the route calls. */
    context: PlatformContext;
  };
}

/** The Hono context of a request that a merchant's page sends with its public key. */
export interface EmbedEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** The origin of that page, from the `Origin` header. */
    origin: string;
    /** The public key, its workspace, and the payment link that the request names. */
    embed: EmbedAuthority;
  };
}

/** The Hono context of a request with a secret key. */
export interface ApiEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    key: ApiKey;
    /** The context for the use cases that the route calls. */
    context: DomainContext;
    /** The `Idempotency-Key` and the body of the request. null: it has no key. undefined: no body was read. */
    idempotency: { readonly key: string; readonly body: JsonObject } | null | undefined;
    /** True once the workspace's gate was called to count the request. */
    isAdmitted: true | undefined;
    /** Of a read: the gate's answer, for which its handler does not wait. undefined: the request is a write. */
    admission: Promise<Admission> | undefined;
    operation: Operation;
    /** The idempotency key as the gate keeps it. null: the request has no key. */
    heldKey: HeldKey | null;
  };
}
